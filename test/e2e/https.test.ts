import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { socketClient } from '../../server/cli/socketClient.ts'
import { localSocketPath } from '../../server/localSocket.ts'
import { issueCertificate } from '../../server/tls/certificates.ts'
import { readPair } from '../../server/tls/storedPair.ts'
import { freePort, ownerAccount, type RunningServer, startServer } from '../support/server.ts'
import { openWindows, type Windows } from './support/browser.ts'
import { makeDataFolder } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, see, signInByForm } from './support/page.ts'
import { counted, languages } from './support/words.ts'

vi.setConfig({ testTimeout: 120_000 }) // a bound for hangs

// A shop's network in one machine: a name that only this browser knows, and an authority that it trusts as a person would have it trust it.
const folder = makeDataFolder()
const name = 'crm.shop.lan'
let server: RunningServer
let windows: Windows
let [port, httpPort] = [0, 0]
beforeAll(async () => {
  ;[port, httpPort] = [await freePort(), await freePort()]
  const env = { ANECHOIC_TLS: 'localCa', ANECHOIC_PUBLIC_NAME: name, ANECHOIC_HTTP_PORT: String(httpPort) }
  server = await startServer({ data: `${folder}/data`, port, env, probe: `http://127.0.0.1:${httpPort}/ca`, limitMs: 120_000 })
  const local = socketClient(localSocketPath(`${folder}/data`))
  await local.call('POST', '/api/setup', { company: '静听影音', store: '静安店', owner: ownerAccount, kit: { shares: 3, threshold: 2 } })
  for (let i = 0; i < 600 && (await local.send('GET', '/readyz')).status !== 200; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const der = new Uint8Array(await (await fetch(`http://127.0.0.1:${httpPort}/ca.crt`)).arrayBuffer())
  // What the page hands out is what the server named when it started.
  expect(server.output()).toContain(new X509Certificate(der).fingerprint256)
  const [store, file] = [`${folder}/home/.pki/nssdb`, `${folder}/ca.crt`]
  mkdirSync(store, { recursive: true })
  writeFileSync(file, der)
  spawnSync('certutil', ['-d', `sql:${store}`, '-N', '--empty-password'])
  expect(spawnSync('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'anechoic', '-i', file]).status).toBe(0)
  windows = await openWindows({
    home: `${folder}/home`,
    flags: [`--host-resolver-rules=MAP ${name} 127.0.0.1,MAP other.shop.lan 127.0.0.1,MAP bank.example 127.0.0.1,MAP a.${name} 127.0.0.1`],
  })
}, 180_000)
afterEach(() => windows.closeAll())
afterAll(async () => {
  await Promise.all([windows?.close(), server?.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const boss = { id: '', ...ownerAccount }

test.each(languages)(
  'whoever comes to the plain door is led to the certificate, trusts it, and signs in over TLS (%s)',
  async (language) => {
    const tab = await windows.open(`https://${name}:${port}`, { language })
    const { page, words } = tab
    await page.goto(`http://${name}:${httpPort}/ca`)
    await see(page, '指纹')
    const found = await inspect(page, 'ca')
    await page.goto(`http://${name}:${httpPort}/sign-in`)
    expect(page.url()).toBe(`https://${name}:${port}/sign-in`)
    await signInByForm(tab, boss)
    const cookies = await page.context().cookies()
    expect(cookies.find((cookie) => cookie.name === '__Host-anechoic')).toMatchObject({
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      domain: name,
    })
    expect(cookies.filter((cookie) => !cookie.name.startsWith('__Host-'))).toEqual([])
    expect(await page.evaluate(() => window.isSecureContext)).toBe(true)
    await page.locator('button.guard').click()
    await see(page, counted(words.guard, 'certificateEnds', 395))
    found.push(...(await inspect(page, 'guard')))
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: words.userMenu }).click()
    await button(page, words.signOut).click()
    await page.waitForURL('**/sign-in**')
    expect(found).toEqual([])
  },
)

test('whoever steals the authority’s key stands for no other site before a browser that trusts it', async () => {
  const times = { from: new Date(Date.now() - 86_400_000), until: new Date(Date.now() + 86_400_000) }
  const stolen = (await readPair(`${folder}/data/tls/authority.pem`))!
  const { page } = await windows.open('https://bank.example', { language: 'en' }, /net::ERR_CERT/)
  const visit = async (site: string): Promise<string> => {
    const { key, certificate } = await issueCertificate(stolen, [site], times)
    const rogue = createServer({ key, cert: certificate }, (_request, response) => response.end('rogue')).listen(0, '127.0.0.1')
    await once(rogue, 'listening')
    const at = `https://${site}:${(rogue.address() as { port: number }).port}/`
    const said = await page.goto(at).then(
      async () => page.innerText('body'),
      (error: unknown) => /net::\w+/.exec(String(error))?.[0] ?? 'another error',
    )
    rogue.closeAllConnections()
    rogue.close()
    return said
  }
  // For a name of its own it is believed: so what is refused below is refused for the name.
  expect(await visit(`a.${name}`)).toBe('rogue')
  expect(await visit('bank.example')).toMatch(/^net::ERR_CERT_/)
})

test('under a name that is not the certificate’s the browser goes no further', async () => {
  const { page } = await windows.open(`https://other.shop.lan:${port}`, { language: 'en' }, /net::ERR_CERT/)
  await expect(page.goto('/')).rejects.toThrow('ERR_CERT_COMMON_NAME_INVALID')
})

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'started by root, the server is an ordinary account with the one privilege of low ports',
  () => {
    const launcher = server.process.pid!
    const children = readFileSync(`/proc/${launcher}/task/${launcher}/children`, 'utf8').trim().split(' ')
    const status = readFileSync(`/proc/${children[0]}/status`, 'utf8')
    const read = (field: string): string => new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? ''
    expect(Number(read('Uid'))).toBeGreaterThan(0)
    // CAP_NET_BIND_SERVICE is number 10 (capabilities(7)).
    for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb']) expect([set, Number.parseInt(read(set), 16)]).toEqual([set, 1 << 10])
    expect(read('NoNewPrivs')).toBe('1')
  },
)

test('the data folder keeps both keys for the server alone, and the log nothing of them', () => {
  const { stdout } = spawnSync('stat', ['-c', '%a %n', `${folder}/data/tls/authority.pem`, `${folder}/data/tls/local.pem`], {
    encoding: 'utf8',
  })
  expect(
    stdout
      .split('\n')
      .map((line) => line.slice(0, 3))
      .filter(Boolean),
  ).toEqual(['600', '600'])
  const key = readFileSync(`${folder}/data/tls/authority.pem`, 'utf8').split('\n')[1]!
  expect(server.output()).not.toContain(key)
})
