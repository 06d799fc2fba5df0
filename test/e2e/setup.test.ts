import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { ownerAccount, type RunningServer, startServer } from '../support/server.ts'
import { openWindows, type Windows } from './support/browser.ts'
import { makeDataFolder } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, input, noteOf, see, seeHeading, until } from './support/page.ts'
import { fill, languages, wordsIn } from './support/words.ts'

vi.setConfig({ testTimeout: 180_000 }) // a bound for hangs; the journey is long

const folder = makeDataFolder()
let server: RunningServer
let windows: Windows
beforeAll(async () => {
  ;[server, windows] = await Promise.all([startServer({ data: `${folder}/data`, limitMs: 120_000 }), openWindows()])
})
afterEach(() => windows.closeAll())
afterAll(async () => {
  await Promise.all([windows?.close(), server?.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const printedLink = (): string => /http:\/\/\S+\/setup\?token=\S+/.exec(server.output())![0]

test.each(languages)('before set-up every address leads to the wizard, which asks for the printed link (%s)', async (language) => {
  const { page, words } = await windows.open(server.url, { language, width: 390 })
  await page.goto('/customers')
  await page.waitForURL('**/setup')
  await see(page, words.setup.noToken)
  expect(await inspect(page, 'no link')).toEqual([])
})

test.each(languages)('a set-up link that is not the printed one is refused with what to do (%s)', async (language) => {
  const { page, words } = await windows.open(server.url, { language, theme: 'dark' })
  await page.goto('/setup?token=somebody-guessed-this-link')
  await fillCompanyAndOwner(page, words)
  await button(page, words.kit.make).click()
  await see(page, words.errors.setup_link_invalid.title)
  await see(page, words.errors.setup_link_invalid.advice)
  expect(await inspect(page, 'invalid link')).toEqual([])
})

test('from the printed link to the first sign-in: company, owner, kit, printed sheets, proof by typing them back', async () => {
  const { page, words } = await windows.open(server.url, { language: 'zh-CN' })
  await page.addInitScript(() => {
    window.print = () =>
      void document.body.setAttribute('data-printed', String(Number(document.body.getAttribute('data-printed') ?? 0) + 1))
  })
  await page.goto(printedLink())
  await seeHeading(page, words.setup.steps.company.title)
  // The token stays in no history.
  expect(page.url()).not.toContain('token')
  const found = await inspect(page, 'company')
  await fillCompanyAndOwner(page, words, async (step) => void found.push(...(await inspect(page, step))))

  await seeHeading(page, words.setup.steps.kit.title)
  await page.getByRole('radio', { name: fill(words.kit.of, { threshold: 3, shares: 5 }) }).click()
  found.push(...(await inspect(page, 'kit')))
  await button(page, words.kit.make).click()
  await seeHeading(page, words.setup.steps.print.title)
  found.push(...(await inspect(page, 'print')))

  const shares: string[] = []
  for (let index = 1; index <= 5; index += 1) {
    const card = page.getByRole('listitem').filter({ hasText: fill(words.kit.shareOf, { index, total: 5 }) })
    if (index > 1) await button(card, words.reveal.show).click()
    shares.push((await card.locator('.share').innerText()).trim().replace(/\s+/g, '-'))
  }
  expect(new Set(shares).size).toBe(5)

  await button(page, words.kit.printAll).click()
  await until(() => page.getByText(words.kit.printed, { exact: true }).count(), 5)
  expect(await page.getAttribute('body', 'data-printed')).toBe('1')
  await page.emulateMedia({ media: 'print' })
  const sheets = page.locator('.print-sheets article')
  expect(await sheets.count()).toBe(5)
  for (const [i, share] of shares.entries()) {
    const sheet = sheets.nth(i)
    await sheet.waitFor()
    const paper = await sheet.innerText()
    expect(paper.replace(/\s+/g, '-')).toContain(share)
    for (const language of languages) {
      expect(paper).toContain(fill(wordsIn(language).sheet.title, { index: i + 1, total: 5, company: '静听影音' }))
      expect(paper).toContain(wordsIn(language).sheet.never)
    }
  }
  // Nothing of the screen gets onto paper, and each share has a sheet of its own.
  expect(await page.locator('#root').isVisible()).toBe(false)
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(5)
  await page.emulateMedia({ media: 'screen' })

  await button(page, words.kit.kept).click()
  await seeHeading(page, words.setup.steps.prove.title)
  const place = (n: number) => input(page, fill(words.kit.shareAt, { place: n }))
  const wrong = shares[3]!.endsWith('2') ? `${shares[3]!.slice(0, -1)}3` : `${shares[3]!.slice(0, -1)}2`
  await place(1).fill(shares[0]!)
  await place(2).fill(wrong)
  await place(3).fill(shares[4]!.toLowerCase().replaceAll('-', ' '))
  // The message is tied to the share that was mistyped, and to no other.
  await until(() => noteOf(place(2)), words.kit.wrong)
  expect(await place(2).getAttribute('aria-invalid')).toBe('true')
  await until(() => noteOf(place(1)), fill(words.kit.right, { index: 1, total: 5 }))
  await until(() => noteOf(place(3)), fill(words.kit.right, { index: 5, total: 5 }))
  expect(await button(page, words.kit.prove).isDisabled()).toBe(true)
  found.push(...(await inspect(page, 'prove')))
  await place(2).fill(shares[0]!)
  await until(() => noteOf(place(2)), words.kit.repeated)
  await place(2).fill(shares[3]!)
  await button(page, words.kit.prove).click()

  await seeHeading(page, words.setup.doneTitle)
  found.push(...(await inspect(page, 'done')))
  await button(page, words.setup.toSignIn).click()
  await input(page, words.signIn.login).fill(ownerAccount.login)
  await input(page, words.signIn.password).fill(ownerAccount.password)
  await button(page, words.signIn.act).click()
  await see(page, words.customers.none.title)
  expect(found).toEqual([])

  // The link has done its work: it leads nowhere now.
  const later = await windows.open(server.url, { language: 'en' })
  await later.page.goto(printedLink())
  await later.page.waitForURL('**/sign-in')
})

async function fillCompanyAndOwner(
  page: Awaited<ReturnType<Windows['open']>>['page'],
  words: ReturnType<typeof wordsIn>,
  atStep: (step: string) => Promise<void> = async () => {},
): Promise<void> {
  await input(page, words.setup.company).fill('静听影音')
  await input(page, words.setup.store).fill('静安店')
  await button(page, words.next).click()
  await seeHeading(page, words.setup.steps.owner.title)
  await input(page, words.setup.ownerName).fill(ownerAccount.name)
  await input(page, words.signIn.login).fill(ownerAccount.login)
  await input(page, words.setup.password).fill('静听影音静听影音静听影音静听影音')
  // Rules are told while typing: a password made of the company's name is not taken.
  await until(
    () =>
      page
        .locator('.rules li[data-met="false"]')
        .count()
        .then((n) => n > 0),
    true,
  )
  expect(await button(page, words.next).isDisabled()).toBe(true)
  await atStep('owner')
  await input(page, words.setup.password).fill(ownerAccount.password)
  await until(() => page.locator('.rules li[data-met="false"]').count(), 0)
  await button(page, words.next).click()
  await seeHeading(page, words.setup.steps.kit.title)
}
