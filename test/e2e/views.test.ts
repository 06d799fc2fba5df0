import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { inspect, inspectAccess } from './support/inspect.ts'
import { button, choose, input, see, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { fill, type Language, languages } from './support/words.ts'
import type { Account } from './support/dealer.ts'

let consultant: Account
const scene = openScene(async (dealer) => {
  consultant = await dealer.hire('xiaoai', '艾小白', 'salesConsultant')
  await dealer.addCustomer({ name: '单位甲', kind: 'organisation', ownerId: dealer.boss.id, tags: ['黑胶', '全屋'] })
  await dealer.addCustomer({ name: '家庭乙', ownerId: dealer.boss.id, tags: ['黑胶唱片'] })
  await dealer.addCustomer({ name: '无主丙', ownerId: null })
  await dealer.addCustomer({ name: '同事丁', ownerId: consultant.id })
})

const labels: Record<
  Language,
  { kind: string; organisation: string; owner: string; emails: string; phones: string; store: string; tags: string }
> = {
  'zh-CN': { kind: '类型', organisation: '单位', owner: '负责人', emails: '邮箱', phones: '电话', store: '门店', tags: '标签' },
  en: { kind: 'Kind', organisation: 'Organisation', owner: 'Owner', emails: 'E-mails', phones: 'Phones', store: 'Store', tags: 'Tags' },
}

const namesIn = async (page: Page): Promise<string[]> => (await page.locator('.grid-table .opens .lead').allInnerTexts()).toSorted()
const tabsIn = (page: Page): Promise<string[]> => page.locator('.view-tab > .clip').allInnerTexts()
const headsIn = async (page: Page): Promise<string[]> =>
  (await page.locator('.grid-table thead th:not(.pick)').allInnerTexts()).map((text) => text.replace(/\s*[▲▼↕]/, ''))
const everybody = ['单位甲', '同事丁', '家庭乙', '无主丙'].toSorted()

const saveAs = async (page: Page, words: Awaited<ReturnType<typeof scene.windows.open>>['words'], name: string): Promise<void> => {
  await button(page, words.views.saveAs).click()
  const dialog = page.getByRole('dialog', { name: words.views.saveAs })
  await input(dialog, words.views.name).fill(name)
  await button(dialog, words.form.save).click()
  await until(async () => (await tabsIn(page)).includes(name), true)
}

test.each(languages)('a view is named, found again in another browser, changed, moved, deleted and taken back (%s)', async (language) => {
  const account = language === 'en' ? consultant : scene.dealer.boss
  const visible = everybody
  const label = labels[language]
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = tab
  await signIn(tab, account, '/customers')
  await until(() => namesIn(page), visible)
  const { builtIn } = words.views
  await until(() => tabsIn(page), [builtIn.all, builtIn.mine, builtIn.pool, builtIn.recent])
  await button(page, builtIn.pool).click()
  await until(() => namesIn(page), ['无主丙'])
  await button(page, builtIn.mine).click()
  await until(() => namesIn(page), language === 'en' ? ['同事丁'] : ['单位甲', '家庭乙'].toSorted())
  await button(page, builtIn.recent).click()
  await until(() => namesIn(page), visible)

  // Narrowed and searched, named, and in no address.
  await choose(page, label.kind, label.organisation)
  await until(() => namesIn(page), ['单位甲'])
  await input(page, words.customers.search).fill('单位')
  await saveAs(page, words, '找单位')
  expect(page.url()).not.toMatch(/%E5|单/)
  await button(page, builtIn.all).click()
  await until(() => namesIn(page), visible)
  await saveAsPool(page, label, words)

  const other = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  await signIn(other, account, '/customers')
  await until(() => tabsIn(other.page), [builtIn.all, builtIn.mine, builtIn.pool, builtIn.recent, '找单位', '公海家庭'])
  await button(other.page, '找单位').click()
  await until(() => namesIn(other.page), ['单位甲'])
  expect(await input(other.page, words.customers.search).inputValue()).toBe('单位')
  expect(await other.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(/单位|kind|storeId/)
  expect(await inspect(other.page, 'views')).toEqual([])

  // A reload keeps the view and what it searches for; a change is offered as an update.
  await other.page.reload()
  await until(() => namesIn(other.page), ['单位甲'])
  await input(other.page, words.customers.search).fill('单位甲')
  await button(other.page, words.views.update).click()
  await see(other.page.locator('.toasts'), words.views.updated)
  await other.page.getByRole('button', { name: fill(words.views.menu, { name: '找单位' }) }).click()
  await other.page.getByRole('menuitem', { name: words.views.right }).click()
  await until(() => tabsIn(other.page), [builtIn.all, builtIn.mine, builtIn.pool, builtIn.recent, '公海家庭', '找单位'])
  await other.page.getByRole('button', { name: fill(words.views.menu, { name: '找单位' }) }).click()
  await other.page.getByRole('menuitem', { name: words.views.beginHere }).click()
  await see(other.page.locator('.toasts'), fill(words.views.beginsNow, { name: '找单位' }))

  // The first browser begins there too, and knows the new text.
  await page.goto('/customers')
  await until(() => namesIn(page), ['单位甲'])
  await until(() => input(page, words.customers.search).inputValue(), '单位甲')
  await page.getByRole('button', { name: fill(words.views.menu, { name: '找单位' }) }).click()
  await page.getByRole('menuitem', { name: words.views.remove }).click()
  await until(() => tabsIn(page), [builtIn.all, builtIn.mine, builtIn.pool, builtIn.recent, '公海家庭'])
  await until(() => namesIn(page), visible)
  await button(page.locator('.toasts'), words.undo).click()
  await until(() => tabsIn(page), [builtIn.all, builtIn.mine, builtIn.pool, builtIn.recent, '公海家庭', '找单位'])
  // In the log stands that, not what.
  const { items } = await scene.dealer.owner.call<{ items: { action: string; fields: string[]; note: string | null }[] }>(
    'GET',
    '/api/audit?action=preference',
  )
  expect(items.length).toBeGreaterThan(4)
  expect(items[0]).toMatchObject({ fields: ['views.customers'] })
})

const saveAsPool = async (
  page: Page,
  label: (typeof labels)['en'],
  words: Awaited<ReturnType<typeof scene.windows.open>>['words'],
): Promise<void> => {
  await choose(page, label.owner, words.filters.nobody)
  await until(() => namesIn(page), ['无主丙'])
  await saveAs(page, words, '公海家庭')
}

test.each(languages)('columns are chosen and ordered by mouse and by keys, for every browser of the person (%s)', async (language) => {
  const label = labels[language]
  const account = language === 'en' ? consultant : scene.dealer.boss
  // Whatever view an earlier journey left to begin with.
  const path = '/customers?view=all'
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = tab
  await signIn(tab, account, path)
  await until(() => namesIn(page), everybody)
  const usual = await headsIn(page)
  await button(page, words.columns.act).click()
  const chooser = page.getByRole('dialog', { name: words.columns.title })
  await chooser.getByRole('checkbox', { name: label.emails }).click()
  await until(() => headsIn(page), [...usual, label.emails])
  await chooser.getByRole('checkbox', { name: label.phones }).click()
  await until(() => headsIn(page), [...usual.filter((name) => name !== label.phones), label.emails])
  await button(chooser, fill(words.columns.up, { column: label.emails })).click()
  const moved = [...usual.filter((name) => name !== label.phones).slice(0, -1), label.emails, usual.at(-1)!]
  await until(() => headsIn(page), moved)
  await chooser.getByRole('checkbox', { name: label.emails }).press('Alt+ArrowUp')
  const again = [...moved.slice(0, -3), label.emails, moved.at(-3)!, moved.at(-1)!]
  await until(() => headsIn(page), again)
  await chooser
    .getByRole('listitem')
    .filter({ hasText: label.emails })
    .dragTo(chooser.getByRole('listitem').filter({ hasText: label.tags }))
  await until(async () => (await headsIn(page)).indexOf(label.emails) < (await headsIn(page)).indexOf(label.tags), true)
  const chosen = await headsIn(page)
  expect(await inspectAccess(page, 'columns')).toEqual([])

  const other = await scene.windows.open(scene.dealer.url, { language })
  await signIn(other, account, path)
  await until(() => headsIn(other.page), chosen)
  // However many columns: the names stay where they are.
  await other.page.setViewportSize({ width: 900, height: 800 })
  const card = other.page.locator('.table-scroll')
  const before = await other.page.locator('.grid-table .opens .first').first().boundingBox()
  await card.evaluate((element) => element.scrollTo({ left: 400 }))
  await until(() => card.evaluate((element) => element.scrollLeft > 50), true)
  expect((await other.page.locator('.grid-table .opens .first').first().boundingBox())!.x).toBeCloseTo(before!.x, 0)
  expect(await card.evaluate((element) => element.getBoundingClientRect().right <= window.innerWidth)).toBe(true)
  await other.page.setViewportSize({ width: 1280, height: 900 })
  await button(other.page, words.columns.act).click()
  await button(other.page.getByRole('dialog', { name: words.columns.title }), words.columns.reset).click()
  await until(() => headsIn(other.page), usual)

  const phone = await scene.windows.open(scene.dealer.url, { language, width: 390, theme: 'dark' })
  await signIn(phone, account, path)
  await until(() => namesIn(phone.page), everybody)
  await button(phone.page, words.columns.act).click()
  await phone.page.getByRole('dialog', { name: words.columns.title }).waitFor()
  expect(await inspect(phone.page, 'columns on a phone')).toEqual([])
})

test('a view whose field is not allowed any more does what is left, and says what is not', async () => {
  const { dealer } = scene
  const tab = await scene.windows.open(dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, consultant, '/customers?view=all')
  const id = '01900000-0000-7000-8000-00000000abcd'
  const kept = await page.evaluate(async (one) => {
    const { csrfToken } = (await (await fetch('/api/session')).json()) as { csrfToken: string }
    const path = '/api/me/preferences/views.customers'
    const { value, version } = (await (await fetch(path)).json()) as { value: object[] | null; version: number }
    const view = {
      id: one,
      name: '旧视图',
      q: '',
      filters: { trashed: 'true', kind: 'organisation', budget: 'x' },
      sort: '-budget',
      columns: ['name', 'budget', 'kind'],
    }
    const answer = await fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
      body: JSON.stringify({ value: [...(value ?? []), view], version }),
    })
    return answer.status
  }, id)
  expect(kept).toBe(200)
  await page.goto(`/customers?view=${id}`)
  await button(page, '旧视图').click()
  await see(page, fill(words.views.lost, { names: ['trashed', 'budget'].join('、') }))
  await until(() => namesIn(page), ['单位甲'])
  expect(await headsIn(page)).toEqual(['姓名', '类型'])
})

test('a list is narrowed by labels that are open, and by when somebody was added', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/customers?view=all')
  await until(() => namesIn(page), everybody)
  await page.locator('.filters > button[aria-expanded]').first().click()
  await page.getByRole('combobox', { name: '标签' }).fill('黑胶')
  await page.keyboard.press('Enter')
  await until(() => namesIn(page), ['单位甲'])
  expect(page.url()).not.toMatch(/tags|%E9/)
  await button(page, words.clearFilters).click()
  await until(() => namesIn(page), everybody)
  await choose(page, words.filters.created, words.filters.stretches.last7)
  await until(() => namesIn(page), everybody)
  await choose(page, words.filters.created, words.filters.stretches.between)
  await page.getByLabel(words.filters.to).fill('2020-01-01')
  await see(page, words.customers.nothing.title)
})
