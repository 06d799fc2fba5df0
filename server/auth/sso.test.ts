import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { password, testApp, type TestApp, testSite } from '../../test/support/app.ts'
import { codeOf, openBrowser } from '../../test/support/browserSession.ts'
import { type Certificates, makeCertificates } from '../../test/support/certificates.ts'
import { client, openIdentityProvider, type TestIdentityProvider } from '../../test/support/identityProvider.ts'
import { oidcProvider } from './identityProviders/oidcProvider.ts'

const redirectUri = `${testSite.origin}/sign-in/back`
const people = {
  'sub-ai': { preferred_username: 'xiaoai', groups: ['sales'], amr: ['pwd'] },
  'sub-ai-mfa': { preferred_username: 'xiaoai', groups: ['sales'], amr: ['pwd', 'mfa'] },
  'sub-bai': { preferred_username: 'xiaobai', groups: ['sales'] },
  'sub-boss': { preferred_username: 'laoban', groups: ['sales'] },
  'sub-climber': { preferred_username: 'dianzhang', groups: ['bosses', 'sales'] },
  'sub-none': { preferred_username: 'shenji', groups: [] },
  'sub-new': { preferred_username: 'xinren', groups: ['sales'] },
  'sub-stranger': { preferred_username: 'nobody', groups: ['sales'] },
}
type Sub = keyof typeof people

let certificates: Certificates
let provider: TestIdentityProvider
let it: TestApp
const optionsOf = (issuer: string) => ({
  issuer,
  clientId: client.id,
  clientSecret: client.secret,
  name: '统一登录',
  claim: 'preferred_username',
  // What the configuration would refuse: that nothing but the configuration stood against it must not be.
  claimedRoles: {
    claim: 'groups',
    roles: new Map([
      ['sales', 'salesConsultant'],
      ['bosses', 'owner'],
    ] as const),
  },
  ca: certificates.ca,
  allow: [],
  redirectUri: () => redirectUri,
})
beforeAll(async () => {
  certificates = await makeCertificates(['localhost'])
  provider = await openIdentityProvider(certificates.good, people, redirectUri)
  it = await testApp({ identityProvider: oidcProvider(optionsOf(provider.issuer)) })
})
afterAll(async () => {
  await it?.close()
  await provider?.close()
})
beforeEach(() => it.house.db.owner.query('delete from auth.throttle'))

type Browser = ReturnType<typeof openBrowser>
const begin = async (browser: Browser): Promise<string> => (await browser.json<{ url: string }>('POST', '/api/session/sso')).url
const finish = (browser: Browser, query: string) => browser.code('POST', '/api/session/sso/finish', { query })
const visit = (url: string, who: Sub) => provider.visit(url, who, certificates.ca)
const changed = (url: string, key: string, value: string): string => {
  const next = new URL(url)
  next.searchParams.set(key, value)
  return next.href
}
const signIn = async (who: Sub, browser = openBrowser(it)): Promise<string | number> =>
  finish(browser, await visit(await begin(browser), who))
const byPassword = async (login: string): Promise<Browser> => {
  const browser = openBrowser(it)
  await browser.json('POST', '/api/session', { login, password })
  return browser
}
const link = async (login: string, who: Sub): Promise<string | number> => {
  const browser = await byPassword(login)
  const { url } = await browser.json<{ url: string }>('POST', '/api/me/identity')
  return browser.code('POST', '/api/me/identity/finish', { query: await visit(url, who) })
}
const rolesOf = async (login: string): Promise<string[]> =>
  (await it.house.db.owner.query<{ roles: string[] }>('select roles from staff where login = $1', [login])).rows[0]!.roles
const staffCount = async () => (await it.house.db.owner.query<{ n: number }>('select count(*)::int n from staff')).rows[0]!.n

test('a login alone opens no account that somebody uses; linked from their own session, it signs them in', async () => {
  expect(await signIn('sub-ai')).toBe('identity_unknown')
  expect(await link('xiaoai', 'sub-ai')).toBe(204)
  const browser = openBrowser(it)
  const url = await begin(browser)
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge_method: 'S256',
    client_id: client.id,
  })
  const session = await browser.json('POST', '/api/session/sso/finish', { query: await visit(url, 'sub-ai') })
  expect(session).toMatchObject({ actor: { login: 'xiaoai', roles: ['salesConsultant'] }, method: 'sso' })
  expect(await browser.json('GET', '/api/me/identity')).toMatchObject({ identity: { name: '统一登录', linkedAt: expect.any(String) } })
  // One identity each way.
  expect(await link('xiaobai', 'sub-ai')).toBe('duplicate')
  expect(await link('xiaoai', 'sub-bai')).toBe('duplicate')
  const { rows } = await it.house.db.owner.query('select i::text as text from auth.identity i')
  expect(JSON.stringify(rows)).not.toMatch(/sub-ai|localhost/)
})

test('an unknown person is refused and no account is made', async () => {
  const before = await staffCount()
  expect(await signIn('sub-stranger')).toBe('identity_unknown')
  expect(await staffCount()).toBe(before)
})

test('state: neither invented, nor used twice, nor outlived, nor another browser’s', async () => {
  const browser = openBrowser(it)
  const query = await visit(await begin(browser), 'sub-ai')
  expect(await finish(browser, changed(`https://x/${query}`, 'state', 'A'.repeat(43)).split('?')[1]!)).toBe('provider_refused')
  expect(await finish(openBrowser(it), query)).toBe('provider_refused')
  // A victim who began a way of their own is not taken along another's.
  const victim = openBrowser(it)
  const own = await begin(victim)
  expect(await finish(victim, query)).toBe('provider_refused')
  expect(await finish(browser, query)).toBe(200)
  expect(await finish(browser, query)).toBe('provider_refused')
  expect(await finish(victim, await visit(own, 'sub-ai'))).toBe(200)
  const late = openBrowser(it)
  const answer = await visit(await begin(late), 'sub-ai')
  await it.house.db.owner.query("update auth.challenge set expires_at = now() - interval '1 second'")
  expect(await finish(late, answer)).toBe('provider_refused')
})

test('mix-ups: the code of another browser, the nonce of another way, another verifier, another issuer, and a way begun for something else', async () => {
  const [mine, theirs] = [openBrowser(it), openBrowser(it)]
  const [myUrl, theirUrl] = [await begin(mine), await begin(theirs)]
  const code = new URLSearchParams(await visit(theirUrl, 'sub-ai')).get('code')!
  const query = await visit(myUrl, 'sub-ai')
  expect(await finish(mine, changed(`https://x/${query}`, 'code', code).split('?')[1]!)).toBe('provider_refused')

  const nonceOf = new URL(theirUrl).searchParams.get('nonce')!
  expect(await finish(mine, await visit(changed(await begin(mine), 'nonce', nonceOf), 'sub-ai'))).toBe('provider_refused')
  const challenge = new URL(theirUrl).searchParams.get('code_challenge')!
  expect(await finish(mine, await visit(changed(await begin(mine), 'code_challenge', challenge), 'sub-ai'))).toBe('provider_refused')

  const other = await visit(await begin(mine), 'sub-ai')
  expect(new URLSearchParams(other).get('iss')).toBe(provider.issuer)
  expect(await finish(mine, changed(`https://x/${other}`, 'iss', 'https://other.example').split('?')[1]!)).toBe('provider_refused')

  // Begun to sign in, it links nothing.
  const browser = await byPassword('xiaobai')
  expect(await browser.code('POST', '/api/me/identity/finish', { query: await visit(await begin(browser), 'sub-bai') })).toBe(
    'provider_refused',
  )
})

test('there is no address to be sent to but the page of ours', async () => {
  const browser = openBrowser(it)
  expect(await browser.code('POST', '/api/session/sso', { next: 'https://evil.example' })).toBe('input_invalid')
  expect(await browser.code('POST', '/api/session/sso?next=https://evil.example')).toBe('unknown_key')
  const url = await begin(browser)
  await expect(visit(changed(url, 'redirect_uri', 'https://evil.example/'), 'sub-ai')).rejects.toThrow(/redirect_uri/)
  const answer = await browser.ask('POST', '/api/session/sso/finish', { query: `${await visit(url, 'sub-ai')}&next=https://evil.example` })
  expect([answer.statusCode, answer.headers['location']]).toEqual([200, undefined])
})

test.each(['expired', 'wrongHost', 'notYet', 'stranger'] as const)('a provider whose certificate is %s is not asked', async (kind) => {
  const bad = await openIdentityProvider(certificates[kind], people, redirectUri)
  const asked = oidcProvider(optionsOf(bad.issuer))
  const flow = { state: 'a'.repeat(43), nonce: 'b'.repeat(43), verifier: 'c'.repeat(43) }
  await expect(asked.begin(flow)).rejects.toMatchObject({ code: 'provider_unavailable' })
  await expect(asked.finish(flow, new URLSearchParams('code=x'))).rejects.toMatchObject({ code: 'provider_unavailable' })
  expect(bad.state.asked).toBe(0)
  await bad.close()
})

test('a claim sets and takes roles of the list alone: it makes no owner, and touches nobody who is one', async () => {
  expect(await link('dianzhang', 'sub-climber')).toBe(204)
  expect(await signIn('sub-climber')).toBe(200)
  expect((await rolesOf('dianzhang')).toSorted()).toEqual(['salesConsultant', 'storeManager'])
  people['sub-climber'].groups = ['bosses']
  expect(await signIn('sub-climber')).toBe(200)
  expect(await rolesOf('dianzhang')).toEqual(['storeManager'])
  expect(await link('laoban', 'sub-boss')).toBe(204)
  expect(await signIn('sub-boss')).toBe(200)
  expect(await rolesOf('laoban')).toEqual(['owner'])
  expect(await link('shenji', 'sub-none')).toBe(204)
  expect(await signIn('sub-none')).toBe(200)
  expect(await rolesOf('shenji')).toEqual(['auditor'])
})

test('who was invited comes in by their login, once, and by their link from then on', async () => {
  const hired = { login: 'xinren', name: '新人', roles: ['salesConsultant'], storeIds: [it.house.stores.north.id], invite: true }
  const made = await it.send('owner', 'POST', '/api/staff', hired)
  const { token } = made.json<{ invitation: { token: string } }>().invitation
  expect(await signIn('sub-new')).toBe(200)
  expect((await it.send(null, 'POST', '/api/join/look', { token })).json()).toMatchObject({ code: 'link_invalid' })
  people['sub-new'].preferred_username = 'renamed'
  expect(await signIn('sub-new')).toBe(200)
})

test('who has a second factor shows it, unless the provider has asked for more than one', async () => {
  const mine = await byPassword('xiaoai')
  const { secret, ticket: proposal } = await mine.json<{ secret: string; ticket: string }>('POST', '/api/me/code')
  await mine.json('POST', '/api/me/code/confirm', { ticket: proposal, code: codeOf(secret) }).catch(() => null)
  const browser = openBrowser(it)
  const refused = await browser.ask('POST', '/api/session/sso/finish', { query: await visit(await begin(browser), 'sub-ai') })
  const { code, details } = refused.json<{ code: string; details: { ticket: string; methods: string[] } }>()
  expect([code, details.methods]).toEqual(['code_required', ['code', 'recovery']])
  const show = (from: Browser, ticket: string, given: string) => from.ask('POST', '/api/session/sso/code', { ticket, code: given })
  const elsewhere = openBrowser(it)
  await begin(elsewhere)
  expect((await show(elsewhere, details.ticket, codeOf(secret, 1))).json()).toMatchObject({ code: 'link_invalid' })
  const wrong = (await show(browser, details.ticket, '000000')).json<{ code: string; details: { ticket: string } }>()
  expect(wrong.code).toBe('code_wrong')
  expect((await show(browser, details.ticket, codeOf(secret, 1))).json()).toMatchObject({ code: 'link_invalid' })
  expect((await show(browser, wrong.details.ticket, codeOf(secret, 1))).json()).toMatchObject({ method: 'sso+code' })

  people['sub-ai'].amr = ['pwd', 'mfa']
  const strong = openBrowser(it)
  expect(await strong.json('POST', '/api/session/sso/finish', { query: await visit(await begin(strong), 'sub-ai') })).toMatchObject({
    method: 'sso+mfa',
  })
})

test('who left or is suspended is refused as a stranger; an altered link links nobody; unlinked, one signs in no more', async () => {
  expect(await link('xiaobai', 'sub-bai')).toBe(204)
  expect(await signIn('sub-bai')).toBe(200)
  const { owner } = it.house.db
  await owner.query("update staff set active = false where login = 'xiaobai'")
  expect(await signIn('sub-bai')).toBe('identity_unknown')
  await owner.query("update staff set active = true where login = 'xiaobai'")
  // A thief with the database makes it the owner's.
  const { staffId } = it.house.actors.consultantB
  await owner.query('delete from auth.identity where staff_id = $1', [it.house.actors.owner.staffId])
  await owner.query('update auth.identity set staff_id = $2 where staff_id = $1', [staffId, it.house.actors.owner.staffId])
  expect(await signIn('sub-bai')).toBe('identity_unknown')
  await owner.query('update auth.identity set staff_id = $1 where staff_id = $2', [staffId, it.house.actors.owner.staffId])
  expect(await signIn('sub-bai')).toBe(200)
  const browser = await byPassword('xiaobai')
  expect(await browser.code('DELETE', '/api/me/identity')).toBe(204)
  expect(await signIn('sub-bai')).toBe('identity_unknown')
  const { rows } = await owner.query<{ action: string }>(
    "select distinct action from audit.entry where action in ('factor_add', 'factor_remove', 'sign_in_failed', 'grant')",
  )
  expect(rows).toHaveLength(4)
})
