import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { socketClient } from '../../server/cli/socketClient.ts'
import { localSocketPath } from '../../server/localSocket.ts'
import { makeCertificates } from '../support/certificates.ts'
import { client, openIdentityProvider, type TestIdentityProvider } from '../support/identityProvider.ts'
import { freePort, ownerAccount, type RunningServer, startServer } from '../support/server.ts'
import { openWindows, type Windows } from './support/browser.ts'
import { makeDataFolder } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, see, seeHeading, signInByForm } from './support/page.ts'
import { fill } from './support/words.ts'

vi.setConfig({ testTimeout: 120_000 }) // a bound for hangs

// The provider is at another site than the CRM, over TLS both: that is where cookies that are `Strict` do not come along by themselves.
const folder = makeDataFolder()
const name = 'crm.shop.lan'
const company = '店内统一登录'
let [server, windows, provider, port]: [RunningServer?, Windows?, TestIdentityProvider?, number?] = []
beforeAll(async () => {
  const httpPort = await freePort()
  port = await freePort()
  const certificates = await makeCertificates(['localhost'])
  provider = await openIdentityProvider(certificates.good, { boss: {}, stranger: {} }, `https://${name}:${port}/sign-in/back`)
  const caFile = `${folder}/provider.crt`
  writeFileSync(caFile, certificates.ca)
  const env = {
    ANECHOIC_TLS: 'localCa',
    ANECHOIC_PUBLIC_NAME: name,
    ANECHOIC_HTTP_PORT: String(httpPort),
    ANECHOIC_OIDC_ISSUER: provider.issuer,
    ANECHOIC_OIDC_CLIENT_ID: client.id,
    ANECHOIC_OIDC_CLIENT_SECRET: client.secret,
    ANECHOIC_OIDC_NAME: company,
    ANECHOIC_OIDC_CA_FILE: caFile,
  }
  server = await startServer({ data: `${folder}/data`, port, env, probe: `http://127.0.0.1:${httpPort}/ca`, limitMs: 120_000 })
  const local = socketClient(localSocketPath(`${folder}/data`))
  await local.call('POST', '/api/setup', { company: '静听影音', store: '静安店', owner: ownerAccount, kit: { shares: 3, threshold: 2 } })
  for (let i = 0; i < 600 && (await local.send('GET', '/readyz')).status !== 200; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const own = `${folder}/ca.crt`
  writeFileSync(own, new Uint8Array(await (await fetch(`http://127.0.0.1:${httpPort}/ca.crt`)).arrayBuffer()))
  const store = `${folder}/home/.pki/nssdb`
  mkdirSync(store, { recursive: true })
  spawnSync('certutil', ['-d', `sql:${store}`, '-N', '--empty-password'])
  for (const [nick, file, ...more] of [
    ['anechoic', own],
    ['provider', caFile, '-a'],
  ] as const)
    expect(spawnSync('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', nick, '-i', file, ...more]).status).toBe(0)
  windows = await openWindows({ home: `${folder}/home`, flags: [`--host-resolver-rules=MAP ${name} 127.0.0.1`] })
}, 180_000)
afterEach(() => windows?.closeAll())
afterAll(async () => {
  await Promise.all([windows?.close(), server?.stop(), provider?.close()])
  rmSync(folder, { recursive: true, force: true })
})

test('links the account from one’s own security, signs out, and comes in by the provider; a stranger does not', async () => {
  const tab = await windows!.open(`https://${name}:${port}`, { language: 'zh-CN' })
  const { page, words } = tab
  provider!.state.who = 'boss'
  await signInByForm(tab, { id: '', ...ownerAccount }, '/security')
  const found = await inspect(page, 'security')
  await button(page, fill(words.security.identity.link, { name: company })).click()
  await button(page, fill(words.security.identity.unlink, { name: company })).waitFor()
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/security')

  await page.getByRole('button', { name: words.userMenu }).click()
  await button(page.getByRole('dialog'), words.signOut).click()
  await seeHeading(page, words.signIn.title)
  await page.goto('/sign-in?next=%2Faudit')
  found.push(...(await inspect(page, 'sign in')))
  await button(page, fill(words.signIn.sso, { name: company })).click()
  await seeHeading(page, words.nav.audit)
  // Neither code nor state stays in the address.
  expect(page.url()).toBe(`https://${name}:${port}/audit`)
  const cookies = await page.context().cookies(`https://${name}:${port}`)
  expect(cookies.every((cookie) => cookie.sameSite === 'Strict' && cookie.httpOnly && cookie.name.startsWith('__Host-'))).toBe(true)
  expect(cookies.some((cookie) => cookie.name.endsWith('-sso'))).toBe(false)
  await page.reload()
  await seeHeading(page, words.nav.audit)

  const other = await windows!.open(`https://${name}:${port}`, { language: 'zh-CN', theme: 'dark', width: 390 })
  provider!.state.who = 'stranger'
  await other.page.goto('/sign-in')
  await button(other.page, fill(words.signIn.sso, { name: company })).click()
  await see(other.page, words.errors.identity_unknown.title)
  expect(new URL(other.page.url()).search).toBe('')
  found.push(...(await inspect(other.page, 'a stranger')))
  expect(found).toEqual([])
})
