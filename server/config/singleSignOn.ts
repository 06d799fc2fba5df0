import { roleIds, type RoleId } from '../../domain/policy/roles.ts'
import { type Find, invalid, readPath, required, type Source } from './source.ts'

/** Which claim names the roles, and which role each of its values stands for. */
export type ClaimedRoles = { readonly claim: string; readonly roles: ReadonlyMap<string, RoleId> }

/** Single sign-on by OpenID Connect. `name`: what the button says; `caFile`: a certificate authority of one's own, absolute path. */
export type SingleSignOnConfig = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly name: string
  /** The claim that names the login of who was invited. */
  readonly claim: string
  readonly claimedRoles: ClaimedRoles | null
  readonly caFile: string | null
}

export type SingleSignOnKey = keyof typeof singleSignOnVariables

/** The settings of this file, by their key in the configuration file. */
export const singleSignOnVariables = {
  oidcIssuer: 'ANECHOIC_OIDC_ISSUER',
  oidcClientId: 'ANECHOIC_OIDC_CLIENT_ID',
  oidcClientSecret: 'ANECHOIC_OIDC_CLIENT_SECRET',
  oidcName: 'ANECHOIC_OIDC_NAME',
  oidcClaim: 'ANECHOIC_OIDC_CLAIM',
  oidcRolesClaim: 'ANECHOIC_OIDC_ROLES_CLAIM',
  oidcRoles: 'ANECHOIC_OIDC_ROLES',
  oidcCaFile: 'ANECHOIC_OIDC_CA_FILE',
} as const

/** Roles that open everything, guard it, or look over those who do: they are granted by hand, by people, and by no directory. */
export const unclaimableRoles: readonly RoleId[] = ['owner', 'securityOfficer', 'systemAdministrator', 'auditor']

const readRoles = (source: Source): Map<string, RoleId> => {
  const roles = new Map<string, RoleId>()
  for (const pair of source.value.split(';').filter((part) => part.trim() !== '')) {
    const at = pair.lastIndexOf('=')
    const [value, name] = [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()]
    const role = roleIds.find((id) => id === name)
    if (value === '' || role === undefined || roles.has(value)) throw invalid(source.name, 'not_roles')
    if (unclaimableRoles.includes(role)) throw invalid(source.name, 'unclaimable_role')
    roles.set(value, role)
  }
  if (roles.size === 0) throw invalid(source.name, 'not_roles')
  return roles
}

const readClaim = (source: Source): string => {
  if (!/^[\w:./-]{1,100}$/.test(source.value)) throw invalid(source.name, 'not_a_claim')
  return source.value
}

const readIssuer = ({ name, value }: Source): string => {
  const url = URL.canParse(value) ? new URL(value) : null
  // OpenID Connect Discovery 1.0, 3: https, and neither query nor fragment.
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw invalid(name, 'not_an_issuer')
  return value
}

const readClaimedRoles = (find: Find<SingleSignOnKey>): ClaimedRoles | null => {
  const [claim, roles] = [find('oidcRolesClaim'), find('oidcRoles')]
  if (claim === null && roles === null) return null
  return {
    claim: readClaim(required(claim, singleSignOnVariables.oidcRolesClaim)),
    roles: readRoles(required(roles, singleSignOnVariables.oidcRoles)),
  }
}

/** Single sign-on, or null where none is configured. All or nothing; the secret never gets into an error. Throws `config_invalid`. */
export const readSingleSignOn = (find: Find<SingleSignOnKey>): SingleSignOnConfig | null => {
  const issuer = find('oidcIssuer')
  if (issuer === null) {
    const keys = Object.keys(singleSignOnVariables) as SingleSignOnKey[]
    const stray = keys.map(find).find((source) => source !== null)
    if (stray) throw invalid(stray.name, 'without_oidc_issuer')
    return null
  }
  const id = required(find('oidcClientId'), singleSignOnVariables.oidcClientId)
  const secret = required(find('oidcClientSecret'), singleSignOnVariables.oidcClientSecret)
  for (const one of [id, secret]) if (!/^[\x21-\x7e]{4,256}$/.test(one.value)) throw invalid(one.name, 'not_a_credential')
  const [name, claim] = [find('oidcName'), find('oidcClaim')]
  if (name !== null && name.value.length > 40) throw invalid(name.name, 'too_long_a_name')
  return {
    issuer: readIssuer(issuer),
    clientId: id.value,
    clientSecret: secret.value,
    name: name?.value ?? new URL(issuer.value).hostname,
    claim: claim === null ? 'preferred_username' : readClaim(claim),
    claimedRoles: readClaimedRoles(find),
    caFile: readPath(find('oidcCaFile')),
  }
}
