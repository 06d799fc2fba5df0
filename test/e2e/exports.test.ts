import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../domain/export/limits.ts'
import { exportPurposes } from '../../domain/export/terms.ts'
import { customer } from '../../domain/crm/customer.ts'
import type { Account } from './support/dealer.ts'
import type { Tab } from './support/browser.ts'
import { button, input, see, seeHeading, signInByForm, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, fill, type Language, languages } from './support/words.ts'

let manager: Account
const scene = openScene(async (dealer) => {
  manager = await dealer.hire('dianzhang', '钱店长', 'storeManager')
  // Two customers are already more than leave alone.
  await dealer.owner.call('PUT', '/api/exports/limits', { ...defaultLimits, threshold: 1 })
})

const labelOf = (label: { zh: string; en: string }, language: Language): string => (language === 'en' ? label.en : label.zh)

/** Chooses what the export is for. */
const choosePurpose = async ({ page, language }: Tab, dialog: Locator): Promise<void> => {
  await dialog.getByRole('combobox').first().click()
  await page.getByTitle(labelOf(exportPurposes.campaign, language), { exact: true }).click()
}

const pickAll = async (page: Page, word: string, count: number): Promise<void> => {
  await page.locator('.search-box input').fill(word)
  await until(() => page.locator('.grid-table .lead').filter({ hasText: word }).count(), count)
  await until(() => page.locator('.grid-table .lead').count(), count)
  for (let n = 1; n <= count; n += 1)
    await page
      .locator('.grid-table td.pick input')
      .nth(n - 1)
      .check()
}

const words2 = { 'zh-CN': '导出客', en: '带走者' } as const satisfies Record<Language, string>

test.each(languages)('an export waits for somebody else, is fetched with a passphrase shown once, and recalled (%s)', async (language) => {
  const word = words2[language]
  for (let n = 0; n < 2; n += 1)
    await scene.dealer.addCustomer({ name: `${word}${n}`, phones: [`+86138000000${n}${language === 'en' ? 1 : 2}`] })
  const asking = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = asking
  await signInByForm(asking, manager, '/customers')
  await pickAll(page, word, 2)
  await button(page.locator('.bulk-bar'), words.exports.act).click()
  const dialog = page.getByRole('dialog')
  await see(dialog, counted(words.exports, 'willLeave', 2))
  await see(dialog, fill(words.exports.needsAgreement, { threshold: '1' }))
  await choosePurpose(asking, dialog)
  await dialog.getByRole('textbox', { name: words.exports.note, exact: true }).fill('周年庆邀请')
  await button(dialog, words.exports.ask).click()
  await seeHeading(page, words.nav.exports)
  await see(page, words.exports.states.waiting)

  const deciding = await scene.windows.open(scene.dealer.url, { language })
  await signInByForm(deciding, scene.dealer.boss, '/exports')
  await see(deciding.page, '周年庆邀请')
  await button(deciding.page, words.exports.agree).click()
  await see(deciding.page, words.exports.agreed)

  await see(page, words.exports.states.ready)
  await button(page, words.exports.showPassphrase).click()
  const passphrase = await page.getByRole('dialog').locator('output').innerText()
  expect(passphrase).toMatch(/^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$/)
  await button(page.getByRole('dialog'), words.exports.done).click()
  await see(page, words.exports.passphraseShown)
  expect(await button(page, words.exports.showPassphrase).count()).toBe(0)
  const waiting = page.waitForEvent('download')
  await button(page, words.exports.download).click()
  const download = await waiting
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/)
  const path = await download.path()
  // A compound file (MS-CFB), which Excel asks the password of.
  expect(readFileSync(path).subarray(0, 4).toString('hex')).toBe('d0cf11e0')
  const told = spawnSync('msoffcrypto-tool', ['-p', passphrase, path, `${path}.open`])
  if (!told.error) expect(told.status).toBe(0)
  await button(page, words.exports.recall).first().click()
  await page.locator('.ant-popover:visible').getByRole('button', { name: words.exports.recall }).click()
  await see(page, words.exports.gone.recalled)
  await page
    .getByText(fill(words.exports.agreedBy, { name: scene.dealer.boss.name }), { exact: true })
    .first()
    .waitFor()
})

test.each(languages)('a customer is shared by a link that somebody opens with its PIN, until it is taken back (%s)', async (language) => {
  const name = language === 'en' ? '林小满' : '秦大雪'
  const id = await scene.dealer.addCustomer({ name, phones: [language === 'en' ? '+8613912340001' : '+8613912340002'], notes: '不可外传' })
  const sharing = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = sharing
  await signInByForm(sharing, manager, `/customers/${id}`)
  await button(page.locator('.acts'), words.nav.more).click()
  await page.getByRole('menuitem', { name: words.shares.menu }).click()
  await input(page, words.shares.recipient).fill('安装队老周')
  await button(page, words.shares.make).click()
  const link = await page.getByLabel(words.shares.link, { exact: true }).innerText()
  const pin = await page.getByLabel(words.shares.pin, { exact: true }).innerText()
  await button(page, words.exports.done).click()

  // Somebody else's browser, which has never been here.
  const visiting = await scene.windows.open(scene.dealer.url, { language, width: 390 })
  const visitor = visiting.page
  await visitor.goto(link)
  await input(visitor, words.shares.pin).fill(pin === '000000' ? '000001' : '000000')
  await button(visitor, words.shares.open).click()
  await see(visitor, words.errors.pin_wrong.title)
  await input(visitor, words.shares.pin).fill(pin)
  await button(visitor, words.shares.open).click()
  await see(visitor, language === 'en' ? '13912340001' : '13912340002')
  await see(visitor, labelOf(customer.fields.phones.label, language))
  expect(await visitor.locator('.shared-sheet').innerText()).toContain('安装队老周')
  expect(await visitor.content()).not.toContain('不可外传')

  await page.goto('/exports')
  const line = page.locator('.lines li').filter({ hasText: '安装队老周' }).first()
  await see(line, counted(words.shares, 'openedTimes', 1))
  await button(line, words.shares.recall).click()
  await page.locator('.ant-popover:visible').getByRole('button', { name: words.shares.recall }).click()
  await see(line, words.shares.states.recalled)

  await visitor.reload()
  await input(visitor, words.shares.pin).fill(pin)
  await button(visitor, words.shares.open).click()
  await see(visitor, words.errors.link_gone.title)
})
