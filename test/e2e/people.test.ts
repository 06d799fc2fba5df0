import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, choose, input, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, fill, type Language, languages } from './support/words.ts'

let consultant: Account
const scene = openScene(async (dealer) => {
  consultant = await dealer.hire('xiaoai', '艾小白', 'salesConsultant')
})

const labels = {
  'zh-CN': {
    name: '姓名',
    role: '称呼或职务',
    phones: '电话',
    facts: '要点',
    referrer: '介绍人',
    basis: '处理依据',
    contract: '订立、履行合同',
  },
  en: {
    name: 'Name',
    role: 'Role',
    phones: 'Phones',
    facts: 'Worth knowing',
    referrer: 'Referred by',
    basis: 'Lawful basis',
    contract: 'Contract with the person',
  },
} as const
const states = {
  'zh-CN': { sms: '短信', given: '同意', withdrawn: '撤回' },
  en: { sms: 'Text messages', given: 'Given', withdrawn: 'Withdrawn' },
}

/** One language wide and light, the other narrow and dark. */
const lookOf = (language: Language) =>
  language === 'en' ? ({ language, theme: 'dark', width: 390 } as const) : ({ language, theme: 'light', width: 1280 } as const)
const card = (page: Page, title: string): Locator => page.getByRole('region', { name: title })

test.each(languages)('people of a household: added, changed, used, put away and taken back (%s)', async (language) => {
  const id = await scene.dealer.addCustomer({ name: `沈家${language}`, phones: ['+8613812340000'] })
  const tab = await scene.windows.open(scene.dealer.url, lookOf(language))
  const { page, words } = tab
  const label = labels[language]
  await signIn(tab, scene.dealer.boss, `/customers/${id}`)
  const contacts = card(page, words.contacts.title)
  await see(contacts, words.contacts.none.household)
  await button(contacts, words.contacts.add).click()
  const dialog = page.getByRole('dialog', { name: words.contacts.new })
  await input(dialog, label.phones).fill('139 1234 5678')
  await button(dialog, words.form.create).click()
  await see(dialog, words.problems.required)
  await input(dialog, label.name).fill('林太太')
  await input(dialog, label.role).fill('太太')
  const found = await inspect(page, 'contact dialog')
  await button(dialog, words.form.create).click()
  await dialog.waitFor({ state: 'detached' })
  await see(contacts, '139 1234 5678')

  // What was typed is not lost by a click beside it.
  await button(contacts, fill(words.contacts.editOne, { name: '林太太' })).click()
  const edit = page.getByRole('dialog', { name: words.contacts.edit })
  await input(edit, label.name).fill('林女士')
  await button(edit, words.cancel).click()
  await button(page, words.unsaved.stay).click()
  await button(edit, words.form.save).click()
  await edit.waitFor({ state: 'detached' })
  await contacts.getByRole('heading', { name: '林女士' }).waitFor()

  await contacts.getByRole('button', { name: `${words.uses.copy} ${label.phones}` }).click()
  await see(page.locator('.toasts'), fill(words.uses.copied, { field: label.phones }))
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('+8613912345678')
  found.push(...(await inspect(page, 'contacts')))

  await button(contacts, fill(words.contacts.moreFor, { name: '林女士' })).click()
  await page.getByRole('menuitem', { name: words.customers.trash }).click()
  await see(contacts, words.contacts.none.household)
  await button(page.locator('.toasts'), words.undo).click()
  await contacts.getByRole('heading', { name: '林女士' }).waitFor()

  await button(contacts, fill(words.contacts.moreFor, { name: '林女士' })).click()
  await page.getByRole('menuitem', { name: words.erase.title }).click()
  const erase = page.getByRole('dialog', { name: words.erase.title })
  await input(erase, words.erase.reason).fill('本人要求')
  await input(erase, fill(words.erase.type, { name: '林女士' })).fill('林女士')
  await button(erase, words.erase.act).click()
  const certificate = page.getByRole('dialog', { name: words.erase.done })
  await see(certificate, words.erase.completeBy)
  // The dialog has a cross of the same name.
  await button(certificate.locator('.ant-modal-footer'), words.close).click()
  await see(contacts, words.contacts.none.household)
  await seeHeading(page, `沈家${language}`)
  expect(found).toEqual([])
})

test.each(languages)('a colleague sees who there is, and the rest masked until there is a reason (%s)', async (language) => {
  const id = await scene.dealer.addCustomer({ name: `周家${language}`, facts: '门口有狗，先打电话', ownerId: scene.dealer.boss.id })
  const body = { name: '周太太', role: '老板娘', phones: ['+8613712340099'] }
  await scene.dealer.owner.call('POST', `/api/customers/${id}/contacts`, body)
  const tab = await scene.windows.open(scene.dealer.url, lookOf(language))
  const { page, words } = tab
  const label = labels[language]
  await signIn(tab, consultant, `/customers/${id}`)
  const contacts = card(page, words.contacts.title)
  await contacts.getByRole('heading', { name: '周太太' }).waitFor()
  await see(contacts, '0099')
  expect(await page.content()).not.toMatch(/1371234|老板娘|门口有狗/)
  // Not theirs to change.
  expect(await contacts.getByRole('button', { name: words.contacts.add, exact: true }).count()).toBe(0)
  expect(await button(page, words.facts.edit).count()).toBe(0)
  const found = await inspect(page, 'masked people')

  await button(contacts, fill(words.reveal.showField, { field: label.phones })).click()
  await button(page.getByRole('dialog', { name: fill(words.reveal.why, { field: label.phones }) }), words.reasons.visit).click()
  await see(contacts, '137 1234 0099')
  const pinned = page.getByRole('region', { name: words.facts.title })
  await button(pinned, fill(words.reveal.showField, { field: label.facts })).click()
  await button(page.getByRole('dialog', { name: fill(words.reveal.why, { field: label.facts }) }), words.reasons.visit).click()
  await see(pinned, '门口有狗，先打电话')
  expect(found).toEqual([])
})

test.each(languages)('marketing is allowed when somebody agreed, and not before or after (%s)', async (language) => {
  const id = await scene.dealer.addCustomer({ name: `何家${language}` })
  const tab = await scene.windows.open(scene.dealer.url, lookOf(language))
  const { page, words } = tab
  const { sms, given, withdrawn } = states[language]
  await signIn(tab, scene.dealer.boss, `/customers/${id}`)
  const consents = card(page, words.consents.title)
  const row = consents.locator('.consents li').filter({ hasText: sms })
  await see(consents, words.consents.none)
  await see(row, words.consents.unknown)
  const record = button(row, fill(words.consents.ask, { channel: sms }))
  await record.click()
  const ask = page.getByRole('dialog', { name: fill(words.consents.ask, { channel: sms }) })
  const found = await inspect(page, 'consent')
  await button(ask, words.consents.record.given).click()
  await row.getByText(given, { exact: true }).waitFor()
  await see(consents, fill(words.consents.may, { channels: sms }).trim())
  await see(card(page, words.lens.title), sms)

  await record.click()
  await input(ask, language === 'en' ? 'Note' : '说明').fill('太多了')
  await button(ask, words.consents.record.withdrawn).click()
  await row.getByText(withdrawn, { exact: true }).waitFor()
  await see(consents, words.consents.none)
  await see(card(page, words.lens.title), words.lens.noConsent)
  // Both words of the customer are kept, with why.
  await button(consents, counted({ x_other: words.consents.history }, 'x', 2)).click()
  await until(() => consents.locator('.consent-history li').count(), 2)
  await see(consents, '太多了')
  found.push(...(await inspect(page, 'consents')))
  expect(found).toEqual([])
})

test.each(languages)(
  'facts are pinned where they stand; who introduced them is found by name and is never themselves (%s)',
  async (language) => {
    const last = language === 'en' ? '1' : '2'
    const tab = await scene.windows.open(scene.dealer.url, lookOf(language))
    const { page, words } = tab
    const label = labels[language]
    const name = `叶知秋${language}`
    const friend = await scene.dealer.addCustomer({ name: `叶落声${language}`, phones: [`+8613612340${last}77`] })
    await signIn(tab, scene.dealer.boss, '/customers/new')
    await input(page, label.name).fill(name)
    const rest = button(page, words.form.rest)
    expect(await rest.getAttribute('aria-expanded')).toBe('false')
    await rest.click()
    await choose(page, label.basis, label.contract)
    await see(page, words.basis.contract)
    await button(page, words.form.create).click()
    await seeHeading(page, name)
    await see(page, words.basis.contract)

    await button(page, `${words.facts.add} ${words.facts.example}`).click()
    await input(page, label.facts).fill('两只猫')
    await button(page, words.form.save).click()
    const pinned = page.getByRole('region', { name: words.facts.title })
    await see(pinned, '两只猫')
    await button(pinned, words.facts.edit).click()
    await input(page, label.facts).fill('两只猫，进门先关门')
    await page.keyboard.press('Control+s')
    await see(page.locator('.toasts'), words.customers.saved)
    await button(pinned, words.cancel).click()
    await see(pinned, '两只猫，进门先关门')

    await button(page, words.customers.change).click()
    const picker = page.getByRole('combobox', { name: label.referrer })
    await picker.click()
    await picker.pressSequentially('叶')
    const options = page.locator('.ant-select-dropdown:visible .candidate')
    await until(async () => (await options.allInnerTexts()).some((text) => text.includes(`叶落声${language}`)), true)
    expect((await options.allInnerTexts()).join()).not.toContain(name)
    expect((await options.allInnerTexts()).join()).toContain(`${last}77`)
    await options.filter({ hasText: `叶落声${language}` }).click()
    const found = await inspect(page, 'referrer chosen')
    await button(page, words.form.save).click()
    await seeHeading(page, name)
    await page.getByRole('link', { name: `叶落声${language}` }).click()
    await seeHeading(page, `叶落声${language}`)
    expect(page.url()).toContain(friend)

    // The part of the form that was opened stays open for the next customer.
    await page.goto('/customers/new')
    await button(page, words.form.less).waitFor()
    expect(found).toEqual([])
  },
)

test('who introduced a customer stays unnamed for those who may not see them', async () => {
  const { items } = await scene.dealer.owner.call<{ items: { id: string }[] }>('GET', '/api/stores')
  const made = await scene.dealer.owner.call<{ id: string }>('POST', '/api/stores', { name: '徐汇店' })
  expect(items).toHaveLength(1)
  const hidden = await scene.dealer.addCustomer({ name: '隐身的介绍人', storeId: made.id })
  const id = await scene.dealer.addCustomer({ name: '看得见的客户', ownerId: consultant.id, referrerId: hidden })
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  await signIn(tab, consultant, `/customers/${id}`)
  await see(card(tab.page, tab.words.profile.title), tab.words.referrer.outOfSight)
  expect(await tab.page.content()).not.toContain('隐身的介绍人')
})
