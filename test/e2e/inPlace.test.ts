import { expect, test } from 'vitest'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, see, signIn } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { fill, languages } from './support/words.ts'

let keeper: Account
const scene = openScene(async (dealer) => {
  keeper = await dealer.hire('xiaoai', '艾小白', 'salesConsultant')
})

const text = { 'zh-CN': '内容', en: 'What was said' } as const

test.each(languages)('what a colleague was told opens in its place, for a reason and a minute (%s)', async (language) => {
  const looker = await scene.dealer.hire(`xiaobai.${language.toLowerCase()}`, '白小艾', 'salesConsultant')
  const id = await scene.dealer.addCustomer({ name: '顾听雨', ownerId: keeper.id })
  await scene.dealer.owner.call('POST', `/api/customers/${id}/interactions`, { kind: 'call', text: '只能周三之后打' })
  const tab = await scene.windows.open(scene.dealer.url, { language, theme: language === 'en' ? 'dark' : 'light' })
  const { page, words } = tab
  await page.clock.install()
  await signIn(tab, looker, `/customers/${id}`)
  await see(page, words.timeline.masked)
  expect(await page.content()).not.toContain('周三')
  const entry = page.locator('.timeline > li').first()
  await button(entry, fill(words.reveal.showField, { field: text[language] })).click()
  const ask = page.getByRole('dialog', { name: fill(words.reveal.why, { field: text[language] }) })
  await button(ask, words.reasons.complaint).click()
  await see(entry, '只能周三之后打')
  expect(await inspect(page, 'revealed entry')).toEqual([])
  await page.clock.fastForward(61_000)
  await entry.getByText('只能周三之后打').waitFor({ state: 'detached' })
})

test.each(languages)(
  'who was put away is found on the household’s page, and who was merged away is marked in the trash (%s)',
  async (language) => {
    const into = `陆家${language}`
    const [id, twin] = [await scene.dealer.addCustomer({ name: into }), await scene.dealer.addCustomer({ name: `陆先生${language}` })]
    const { owner } = scene.dealer
    const contact = await owner.call<{ id: string; version: number }>('POST', `/api/customers/${id}/contacts`, { name: '刘阿姨' })
    await owner.call('DELETE', `/api/contacts/${contact.id}`, { version: contact.version })
    await owner.call('POST', `/api/customers/${id}/merge`, { version: 1, others: [{ id: twin, version: 1 }] })

    const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, `/customers/${id}`)
    const contacts = page.getByRole('region', { name: words.contacts.title })
    await button(contacts, words.contacts.trash).click()
    await button(contacts, fill(words.contacts.restoreOne, { name: '刘阿姨' })).click()
    await contacts.getByRole('heading', { name: '刘阿姨' }).waitFor()

    await page.goto('/trash')
    const row = page.getByRole('row').filter({ hasText: `陆先生${language}` })
    await see(row, words.trash.mergedInto)
    await row.getByRole('link', { name: into, exact: true }).waitFor()
    expect(await button(row, words.customers.restore).count()).toBe(0)
    expect(await inspect(page, 'trash with a merged one')).toEqual([])
    await row.getByRole('link', { name: words.trash.part }).click()
    await page.waitForURL(/\/jobs\//)
    await page.goto(`/customers/${twin}`)
    await button(page, words.customers.restore).click()
    await see(page.locator('.toasts'), words.errors.merged_away.title)
  },
)
