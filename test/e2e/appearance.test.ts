import { expect, test, vi } from 'vitest'
import type { Look, Tab } from './support/browser.ts'
import type { Account } from './support/dealer.ts'
import { inspect, inspectAccess } from './support/inspect.ts'
import { button, input, see, seeHeading, signIn } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, fill, type Language, languages } from './support/words.ts'

vi.setConfig({ testTimeout: 300_000 }) // some sixty screens a test; a bound for hangs

let consultant: Account
let open: string
let masked: string
const scene = openScene(async (dealer) => {
  consultant = await dealer.hire('xiaoai', '艾小白', 'salesConsultant')
  const long = {
    emails: ['a.rather.long.address.of.somebody@a-rather-long-domain.example.com'],
    tags: ['家庭影院', '黑胶', '全屋智能'],
    notes: '安静的人。\n'.repeat(12),
  }
  open = await dealer.addCustomer({
    name: '上海静听岁月文化传播有限公司长宁分公司',
    kind: 'organisation',
    ownerId: dealer.boss.id,
    phones: ['+8613812340001', '+862162345678'],
    addresses: ['上海市长宁区愚园路1088弄103号'],
    wechatIds: ['wx_a_rather_long_identifier_0001'],
    ...long,
  })
  masked = await dealer.addCustomer({
    name: '顾听雨',
    ownerId: consultant.id,
    phones: ['+8613812340002'],
    addresses: ['上海市静安区南京西路1266号'],
    ...long,
  })
  for (let i = 0; i < 60; i += 1) await dealer.addCustomer({ name: `客户${i}`, phones: [`+86138123411${String(i).padStart(2, '0')}`] })
  await dealer.addCustomer({ name: '无主的客户', ownerId: null })
  for (const text of ['来电询问功放', '约了周六试听'])
    await dealer.owner.call('POST', `/api/customers/${open}/interactions`, { kind: 'call', text })
})

// Each theme with each language, each of them wide and narrow.
const looks = {
  'zh-CN': [
    { theme: 'light', width: 1280 },
    { theme: 'dark', width: 390 },
  ],
  en: [
    { theme: 'dark', width: 1280 },
    { theme: 'light', width: 390 },
  ],
} as const satisfies Record<Language, readonly Omit<Look, 'language'>[]>

const inspectBoth = async ({ page, language }: Tab, screen: string): Promise<string[]> => {
  const found: string[] = []
  for (const { theme, width } of looks[language]) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: theme })
    // Scrolling sideways is a question to the narrow look alone.
    found.push(...(await (width === 390 ? inspect : inspectAccess)(page, `${screen} (${theme}, ${width})`)))
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  return found
}

/** A screen: where it is, what one does there, and what shows that it stands. */
type Screen = readonly [name: string, path: () => string, stand: (tab: Tab) => Promise<unknown>]

const screens: Screen[] = [
  [
    'customers',
    () => '/customers',
    ({ page }) =>
      page
        .locator('.grid-table')
        .getByRole('link', { name: '顾听雨' })
        .or(page.getByRole('link', { name: '客户59' }))
        .first()
        .waitFor(),
  ],
  ['trash', () => '/trash', ({ page, words }) => see(page, words.trash.none)],
  ['pool', () => '/pool', ({ page }) => page.getByRole('link', { name: '无主的客户' }).waitFor()],
  [
    'picked',
    () => '/customers',
    async ({ page }) => {
      await page.locator('.grid-table td.pick input').nth(2).check()
      await page.locator('.bulk-bar').waitFor()
    },
  ],
  [
    'bulk change',
    () => '/customers',
    async ({ page, words }) => {
      await page.locator('.grid-table td.pick input').nth(2).check()
      await button(page, words.bulk.kinds.pool).click()
      await see(page.getByRole('dialog'), counted(words.bulk, 'willChange', 1))
    },
  ],
  ['customer', () => `/customers/${open}`, ({ page }) => see(page, '约了周六试听')],
  ['masked customer', () => `/customers/${masked}`, ({ page, words }) => see(page, words.lens.each)],
  ['edit', () => `/customers/${open}/edit`, ({ page, words }) => button(page, words.form.save).waitFor()],
  ['edit masked', () => `/customers/${masked}/edit`, ({ page, words }) => see(page, words.form.keepsMasked)],
  [
    'new',
    () => '/customers/new',
    async ({ page, words }) => {
      await button(page, words.form.create).click()
      await see(page, words.problems.required)
    },
  ],
  ['import', () => '/imports', ({ page, words }) => see(page, words.imports.drop)],
  ['exports', () => '/exports', ({ page, words }) => see(page, words.exports.none)],
  [
    'export',
    () => '/customers',
    async ({ page, words }) => {
      await page.locator('.grid-table td.pick input').nth(2).check()
      await button(page.locator('.bulk-bar'), words.exports.act).click()
      await see(page.getByRole('dialog'), counted(words.exports, 'willLeave', 1))
    },
  ],
  [
    'share',
    () => `/customers/${open}`,
    async ({ page, words }) => {
      await button(page.locator('.acts'), words.nav.more).click()
      await page.getByRole('menuitem', { name: words.shares.menu }).click()
      await see(page.getByRole('dialog'), words.shares.instead)
    },
  ],
  ['shared', () => '/shared#x', ({ page, words }) => see(page, words.shares.pageWhat)],
  ['keys', () => '/keys', ({ page, words }) => see(page, words.keys.epochs)],
  ['prove', () => '/keys', ({ page, words }) => button(page, words.keys.prove).click()],
  [
    'rotate',
    () => '/keys',
    async ({ page, words }) => {
      await button(page, words.keys.rotate.act).click()
      await see(page, words.keys.rotate.confirm)
    },
  ],
  ['backups', () => '/backups', ({ page, words }) => see(page, words.backups.notConfigured)],
  ['audit', () => '/audit', ({ page, words }) => see(page.locator('.log'), words.acts.read)],
  ['erasures', () => '/erasures', ({ page, words }) => see(page, words.erasures.none)],
  ['jobs', () => '/jobs', ({ page, words }) => see(page, words.jobs.none)],
  ['people', () => '/people', ({ page }) => page.locator('table.people').waitFor()],
  [
    'add somebody',
    () => '/people',
    async ({ page, words }) => {
      await button(page, words.people.add).click()
      await page.getByRole('dialog').getByRole('checkbox').nth(5).waitFor()
    },
  ],
  [
    'person',
    () => `/people/${consultant.id}`,
    async ({ page, words }) => {
      await button(page, words.sight.act).click()
      await page.getByText(words.sight.matrix).click()
      await see(page, words.sight.columns.reveal)
    },
  ],
  [
    'lend',
    () => `/people/${consultant.id}`,
    async ({ page, words }) => {
      await button(page, words.loans.act).click()
      await see(page.getByRole('dialog'), words.loans.role)
    },
  ],
  [
    'about somebody',
    () => `/people/${consultant.id}`,
    async ({ page, words }) => {
      await button(page, words.person.change).click()
      await input(page, words.person.lastDay).fill('2199-01-01')
      await see(page, words.person.lastDayWhat)
    },
  ],
  ['roles', () => '/roles', ({ page }) => page.locator('.role-card').first().waitFor()],
  ['role that ships', () => '/roles/storeManager', ({ page }) => page.locator('.reach-read').first().waitFor()],
  ['new role', () => '/roles/new?from=installer', ({ page }) => page.locator('.reach-options').first().waitFor()],
  ['no role', () => '/roles/own-nothing', ({ page, words }) => see(page, words.roles.gone)],
  ['standing in', () => '/stand-in', ({ page, words }) => see(page, words.standIn.cannot)],
  ['sessions', () => '/sessions', ({ page, words }) => see(page, words.sessions.here)],
  ['nowhere', () => '/nowhere', ({ page, words }) => see(page, words.notFound.what)],
  [
    'finder',
    () => '/sessions',
    async ({ page, words }) => {
      await see(page, words.sessions.here)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: words.finder.label }).fill('客户1')
      await page.getByRole('option', { name: '客户1' }).first().waitFor()
    },
  ],
]

test.each(languages)('every screen can be used by everybody (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = tab
  await page.goto('/sign-in')
  await seeHeading(page, words.signIn.title)
  const found = await inspectBoth(tab, 'sign-in')
  await signIn(tab, scene.dealer.boss)
  for (const [name, path, stand] of screens) {
    await page.goto(path())
    await stand(tab)
    found.push(...(await inspectBoth(tab, name)))
  }
  expect(found).toEqual([])
})

test.each(languages)('menus, questions and dialogs can be used by everybody (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = tab
  // Over a page with nothing to press: a button half under an open menu is no target, and says nothing of the menu.
  await signIn(tab, scene.dealer.boss, '/nowhere')
  await see(page, words.notFound.what)
  const found: string[] = []
  await page.getByRole('button', { name: words.userMenu }).click()
  await button(page, words.signOut).first().waitFor()
  found.push(...(await inspectBoth(tab, 'account')))
  await page.keyboard.press('Escape')
  await page.locator('.guard').click()
  await see(page.locator('.ant-popover:visible'), words.guard.kitUnproven)
  found.push(...(await inspectBoth(tab, 'guard')))
  await page.goto(`/customers/${masked}`)
  await see(page, words.lens.each)
  await button(page.locator('.acts'), words.nav.more).click()
  await page.getByRole('menuitem', { name: words.erase.title }).waitFor()
  found.push(...(await inspectBoth(tab, 'more')))
  await page.getByRole('menuitem', { name: words.erase.title }).click()
  const dialog = page.getByRole('dialog', { name: words.erase.title })
  await input(dialog, words.erase.reason).fill('—')
  await see(dialog, fill(words.erase.type, { name: '顾听雨' }))
  found.push(...(await inspectBoth(tab, 'erase')))
  expect(found).toEqual([])
})
