import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { ownerAccount, type RunningServer, startServer, untilReady } from '../support/server.ts'
import { openWindows, type Windows } from './support/browser.ts'
import { makeDataFolder } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signInByForm } from './support/page.ts'
import { fill, languages } from './support/words.ts'

vi.setConfig({ testTimeout: 180_000 }) // a bound for hangs; each start takes its time

const passphrase = '消声室的大门今天只为自己人打开'
const folder = makeDataFolder()
const start = (port?: number): Promise<RunningServer> =>
  startServer({ data: `${folder}/data`, limitMs: 120_000, env: { ANECHOIC_KEY_PROVIDER: 'passphrase' }, ...(port ? { port } : {}) })
let server: RunningServer
let windows: Windows
beforeAll(async () => {
  ;[server, windows] = await Promise.all([start(), openWindows()])
})
afterEach(() => windows.closeAll())
afterAll(async () => {
  await Promise.all([windows?.close(), server?.stop()])
  rmSync(folder, { recursive: true, force: true })
})

test('set-up with a passphrase asks for it, on a phone in the dark', async () => {
  const { page, words } = await windows.open(server.url, { language: 'en', theme: 'dark', width: 390 })
  await page.goto(/\/setup\?token=\S+/.exec(server.output())![0])
  await input(page, words.setup.company).fill('Quiet Rooms')
  await input(page, words.setup.store).fill('Jing’an')
  await button(page, words.next).click()
  await input(page, words.setup.ownerName).fill(ownerAccount.name)
  await input(page, words.signIn.login).fill(ownerAccount.login)
  await input(page, words.setup.password).fill(ownerAccount.password)
  const found = await inspect(page, 'owner')
  await button(page, words.next).click()
  await button(page, words.kit.make).waitFor()
  expect(await button(page, words.kit.make).isDisabled()).toBe(true)
  await input(page, words.setup.passphrase).fill(passphrase)
  found.push(...(await inspect(page, 'kit')))
  await button(page, words.kit.make).click()
  await see(page, words.kit.once)
  const shares: string[] = []
  for (const index of [1, 2]) {
    const card = page.getByRole('listitem').filter({ hasText: fill(words.kit.shareOf, { index, total: 3 }) })
    if (index > 1) await button(card, words.reveal.show).click()
    shares.push(await card.locator('.share').innerText())
  }
  found.push(...(await inspect(page, 'print')))
  await button(page, words.kit.kept).click()
  for (const [i, share] of shares.entries()) await input(page, fill(words.kit.shareAt, { place: i + 1 })).fill(share)
  await button(page, words.kit.prove).click()
  await seeHeading(page, words.setup.doneTitle)
  expect(found).toEqual([])
})

test.each(languages)('after a start the server is sealed, until the right passphrase opens it for everybody (%s)', async (language) => {
  await server.stop()
  server = await start(Number(new URL(server.url).port))
  const { page, words, ...tab } = await windows.open(server.url, { language, width: language === 'en' ? 1280 : 390 })
  await page.goto('/customers')
  await seeHeading(page, words.unseal.title)
  const found = await inspect(page, 'sealed')
  await input(page, words.unseal.passphrase).fill(`${passphrase}了`)
  await button(page, words.unseal.act).click()
  await see(page, words.errors.passphrase_wrong.title)
  await see(page, words.errors.passphrase_wrong.advice)
  found.push(...(await inspect(page, 'wrong passphrase')))
  // What was wrong is typed anew, not mended behind dots.
  expect(await input(page, words.unseal.passphrase).inputValue()).toBe('')
  await input(page, words.unseal.passphrase).fill(passphrase)
  await button(page, words.unseal.act).click()
  await seeHeading(page, words.signIn.title)
  await untilReady(server.url)
  await signInByForm({ page, words, ...tab }, { id: '', ...ownerAccount }, '/keys')
  await see(page, words.providers.passphrase)
  expect(found).toEqual([])
})
