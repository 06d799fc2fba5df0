import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'

const whole = {
  ANECHOIC_OIDC_ISSUER: 'https://id.example/realm',
  ANECHOIC_OIDC_CLIENT_ID: 'crm-client',
  ANECHOIC_OIDC_CLIENT_SECRET: 'secret-of-ours',
}
const refusal = (option: string, problem: string) => expect.objectContaining({ code: 'config_invalid', details: { option, problem } })

test('single sign-on is off, or whole', () => {
  expect(readConfig([], {}).singleSignOn).toBe(null)
  expect(readConfig([], whole).singleSignOn).toEqual({
    issuer: 'https://id.example/realm',
    clientId: 'crm-client',
    clientSecret: 'secret-of-ours',
    name: 'id.example',
    claim: 'preferred_username',
    claimedRoles: null,
    caFile: null,
  })
  const roles = { ANECHOIC_OIDC_ROLES_CLAIM: 'groups', ANECHOIC_OIDC_ROLES: 'cn=sales,dc=shop=salesConsultant; shop=storeManager' }
  expect(readConfig([], { ...whole, ...roles }).singleSignOn?.claimedRoles).toEqual({
    claim: 'groups',
    roles: new Map([
      ['cn=sales,dc=shop', 'salesConsultant'],
      ['shop', 'storeManager'],
    ]),
  })
})

test.each([
  [{ ANECHOIC_OIDC_ISSUER: '' }, 'ANECHOIC_OIDC_CLIENT_ID', 'without_oidc_issuer'],
  [{ ANECHOIC_OIDC_ISSUER: 'http://id.example' }, 'ANECHOIC_OIDC_ISSUER', 'not_an_issuer'],
  [{ ANECHOIC_OIDC_CLIENT_SECRET: '' }, 'ANECHOIC_OIDC_CLIENT_SECRET', 'missing'],
  [{ ANECHOIC_OIDC_CLAIM: 'a b' }, 'ANECHOIC_OIDC_CLAIM', 'not_a_claim'],
  [{ ANECHOIC_OIDC_ROLES: 'a=storeManager' }, 'ANECHOIC_OIDC_ROLES_CLAIM', 'missing'],
  [{ ANECHOIC_OIDC_ROLES_CLAIM: 'g', ANECHOIC_OIDC_ROLES: 'a=boss' }, 'ANECHOIC_OIDC_ROLES', 'not_roles'],
  [{ ANECHOIC_OIDC_ROLES_CLAIM: 'g', ANECHOIC_OIDC_ROLES: 'a=owner' }, 'ANECHOIC_OIDC_ROLES', 'unclaimable_role'],
  [{ ANECHOIC_OIDC_CA_FILE: 'ca.pem' }, 'ANECHOIC_OIDC_CA_FILE', 'not_absolute'],
])('%j is refused by name', (over, option, problem) => {
  expect(() => readConfig([], { ...whole, ...over })).toThrow(refusal(option, problem))
})
