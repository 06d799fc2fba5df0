import type { CDPSession, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { input, see, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { languages } from './support/words.ts'

const scene = openScene(async (dealer) => {
  for (const [i, name] of ['沈知远', '沈知微', '沈清', '石知远', '欧阳沈'].entries())
    await dealer.addCustomer({ name, phones: [`+8613812340${String(100 + i)}`], addresses: [`上海市静安区南京西路${i + 1}号`] })
})

const namesIn = (page: Page): Promise<string[]> => page.locator('.grid-table .opens .lead').allInnerTexts()

/** The questions the page asks while one types, in order, and what became of each. */
const watchAsked = (page: Page): { asked: string[]; cancelled: string[] } => {
  const seen = { asked: [] as string[], cancelled: [] as string[] }
  const textOf = (address: string): string | null => new URL(address).searchParams.get('q')
  page.on('request', (request) => {
    const text = textOf(request.url())
    if (text !== null) seen.asked.push(text)
  })
  page.on('requestfailed', (request) => {
    const text = textOf(request.url())
    if (text !== null) seen.cancelled.push(text)
  })
  return seen
}

/** Types pinyin through an input method: each letter changes the composition, and only the word that is chosen is meant. */
const compose = async (cdp: CDPSession, steps: readonly string[]): Promise<void> => {
  for (const text of steps) await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
}

test.each(languages)('results come as one types, and an input method is left alone until it has a word (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/customers')
  await until(() => namesIn(page).then((names) => names.length), 5)
  const box = input(page, words.customers.search)
  await box.click()
  const seen = watchAsked(page)
  await page.keyboard.type('sz')
  await until(() => namesIn(page).then((names) => names.toSorted()), ['沈知微', '沈知远', '石知远'].toSorted())
  await box.fill('')
  await page.keyboard.type('zhiyuan')
  await until(() => namesIn(page), ['石知远', '沈知远'])
  // What was found by its sound is marked as a whole, what was typed as it stands by itself.
  await until(() => page.locator('.grid-table mark').allInnerTexts(), ['石知远', '沈知远'])
  await box.fill('')
  await until(() => namesIn(page).then((names) => names.length), 5)

  seen.asked.length = 0
  const cdp = await page.context().newCDPSession(page)
  await compose(cdp, ['s', 'sh', 'she', 'shen', 'shen q'])
  expect(await box.inputValue()).toBe('shen q')
  await cdp.send('Input.insertText', { text: '沈清' })
  await until(() => namesIn(page), ['沈清'])
  expect(seen.asked).toEqual(['沈清'])
  await until(() => page.locator('.grid-table mark').allInnerTexts(), ['沈清'])

  // The finder holds the same manners, and Enter that ends a composition opens nobody.
  await page.keyboard.press('Control+k')
  const finder = page.getByRole('combobox', { name: words.finder.label })
  await finder.click()
  seen.asked.length = 0
  await compose(cdp, ['o', 'ou', 'ou y'])
  await cdp.send('Input.insertText', { text: '欧阳' })
  await until(() => page.getByRole('option').locator('.who b').allInnerTexts(), ['欧阳沈'])
  expect(seen.asked).toEqual(['欧阳'])
  expect(page.url()).toMatch(/\/customers$/)
})

test('an answer that comes late overwrites nothing, and the question behind it is withdrawn', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/customers')
  await until(() => namesIn(page).then((names) => names.length), 5)
  let release = (): void => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(
    (url) => url.searchParams.get('q') === '沈知',
    async (route) => {
      await held
      await route.continue().catch(() => {}) // it was withdrawn
    },
  )
  const seen = watchAsked(page)
  const box = input(page, words.customers.search)
  await box.fill('沈知')
  // While it waits, what was there before stands.
  await until(async () => seen.asked, ['沈知'])
  expect((await namesIn(page)).length).toBe(5)
  await box.fill('沈知微')
  await until(() => namesIn(page), ['沈知微'])
  expect(seen.cancelled).toEqual(['沈知'])
  release()
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
  expect(await namesIn(page)).toEqual(['沈知微'])
})

test('what appears while typing in the finder shows names and masks, and the log says no more was seen', async () => {
  const { dealer } = scene
  await dealer.addCustomer({ name: '尹自有', ownerId: dealer.boss.id, phones: ['+8613812345678'], addresses: ['上海市徐汇区武康路1号'] })
  const tab = await scene.windows.open(dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, dealer.boss, '/customers')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: words.finder.label }).fill('尹自')
  const option = page.getByRole('option', { name: '尹自有' })
  await option.waitFor()
  expect(await option.innerText()).toMatch(/5678/)
  expect(await option.innerText()).not.toMatch(/1381|武康路/)
  const { items } = await dealer.owner.call<{ items: { action: string; fields: string[] }[] }>('GET', '/api/audit?action=search')
  expect(items[0]).toMatchObject({ action: 'search', fields: ['name'] })
  await page.keyboard.press('Escape')
  await see(page, '尹自有')
})

test('whoever presses Ctrl K and types at once loses no letter, though the finder is still on its way', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page } = tab
  const late = Promise.withResolvers<void>()
  await page.route(/Finder/, async (route) => {
    await late.promise
    await route.continue()
  })
  await signIn(tab, scene.dealer.boss, '/customers')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('shiz')
  late.resolve()
  const field = page.locator('dialog.finder input')
  await until(() => field.inputValue(), 'shiz')
  await page.keyboard.type('hi')
  await until(() => field.inputValue(), 'shizhi')
  await see(page.locator('dialog.finder'), '石知远')
})
