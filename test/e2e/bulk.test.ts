import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Account } from './support/dealer.ts'
import { button, choose, input, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, fill, type Language, languages } from './support/words.ts'

let consultant: Account
const scene = openScene(async (dealer) => {
  consultant = await dealer.hire('xiaoai', '艾小白', 'salesConsultant')
})

const boxes = (page: Page) => page.locator('.grid-table td.pick input')
const corner = (page: Page) => page.locator('.job-toast')
/** Customers of a journey: their names begin with a word nobody else's does. */
const people = async (word: string, count: number, over: Record<string, unknown> = {}): Promise<string[]> => {
  const ids: string[] = []
  for (let i = 0; i < count; i += 1)
    ids.push(
      await scene.dealer.addCustomer({ name: `${word}${i}`, ownerId: scene.dealer.boss.id, tags: i === 0 ? ['老客户'] : [], ...over }),
    )
  return ids
}
const read = (id: string) => scene.dealer.owner.call<Record<string, unknown>>('GET', `/api/customers/${id}`)
const tagsOf = async (ids: string[]): Promise<unknown[]> => Promise.all(ids.map(async (id) => (await read(id))['tags']))

/** Opens the list with only the customers of one word in it. */
const openList = async (page: Page, word: string, count: number): Promise<void> => {
  await page.locator('.search-box input').fill(word)
  await until(() => page.locator('.grid-table .lead').filter({ hasText: word }).count(), count)
  await until(() => page.locator('.grid-table .lead').count(), count)
}

const words4 = {
  'zh-CN': ['标签客', '公海客', '回收客', '交接客'],
  en: ['贴签者', '无主者', '可弃者', '交接者'],
} as const satisfies Record<Language, readonly string[]>

test.each(languages)(
  'customers are picked by Shift and Space, tagged after a preview, and the change is undone from the corner (%s)',
  async (language) => {
    const [word] = words4[language]
    const ids = await people(word, 6)
    const before = await tagsOf(ids)
    const tab = await scene.windows.open(scene.dealer.url, { language })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, '/customers')
    await openList(page, word, 6)
    await boxes(page).nth(1).focus()
    await page.keyboard.press('Space')
    await boxes(page)
      .nth(4)
      .click({ modifiers: ['Shift'] })
    await until(() => page.locator('.grid-table td.pick input:checked').count(), 4)
    // The click that picks does not open anybody.
    expect(new URL(page.url()).pathname).toBe('/customers')
    await boxes(page).nth(2).uncheck()
    await see(page.locator('.bulk-bar'), counted(words.bulk, 'picked', 3))
    await button(page, words.bulk.kinds.tag).click()
    const dialog = page.getByRole('dialog', { name: words.bulk.titles.tag })
    await input(dialog, words.bulk.tag).fill('展会客')
    await see(dialog, counted(words.bulk, 'willChange', 3))
    await button(dialog, counted(words.bulk, 'start', 3)).click()
    await see(corner(page), counted(words.jobs, 'changed', 3))
    expect((await tagsOf(ids)).filter((tags) => (tags as string[]).includes('展会客'))).toHaveLength(3)
    await page.locator('.grid-table').getByText('展会客').first().waitFor()
    expect(await page.locator('.bulk-bar').count()).toBe(0)

    await button(corner(page), words.undo).click()
    await see(corner(page), counted(words.jobs, 'undone', 3))
    expect(await tagsOf(ids)).toEqual(before)
    await until(() => page.locator('.grid-table').getByText('展会客').count(), 0)
  },
)

test.each(languages)('all that match go into the pool; who takes first owns, the other learns who was faster (%s)', async (language) => {
  const word = words4[language][1]
  const ids = await people(word, 23)
  const boss = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = boss
  await signIn(boss, scene.dealer.boss, '/customers')
  await openList(page, word, 20)
  await page.getByRole('checkbox', { name: words.bulk.pickPage }).check()
  await button(page, counted(words.bulk, 'takeWhole', 23)).click()
  await button(page, words.bulk.kinds.pool).click()
  const dialog = page.getByRole('dialog', { name: words.bulk.titles.pool })
  await button(dialog, counted(words.bulk, 'start', 23)).click()
  await see(corner(page), counted(words.jobs, 'changed', 23))
  for (const id of ids) expect((await read(id))['ownerId']).toBeNull()

  await page.locator('nav.side').getByRole('link', { name: words.nav.pool }).click()
  await seeHeading(page, words.nav.pool)
  const row = (of: Page) => of.locator('.grid-table tr').filter({ hasText: `${word}5` })
  await row(page).waitFor()
  const other = await scene.windows.open(scene.dealer.url, { language, width: 390 })
  await signIn(other, consultant, '/pool')
  // A consultant hands nobody over: there is nothing to pick.
  await row(other.page).waitFor()
  expect(await boxes(other.page).count()).toBe(0)
  await button(row(other.page), words.pool.take).click()
  await see(other.page.locator('.toasts'), words.pool.taken)
  await until(() => row(other.page).count(), 0)
  await button(row(page), words.pool.take).click()
  await see(page.locator('.toasts'), fill(words.pool.faster, { name: consultant.name }))
  expect((await read(ids[5]!))['ownerId']).toBe(consultant.id)
})

test.each(languages)(
  'the trash page restores one and many, and erases after a typed name; it says what to do when it is empty (%s)',
  async (language) => {
    const word = words4[language][2]
    const ids = await people(word, 3)
    const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280, theme: 'dark' })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, '/trash')
    await see(page, words.trash.none)
    await page.goto('/customers')
    await openList(page, word, 3)
    await boxes(page).first().check()
    if (language === 'en') await button(page, words.bulk.pickPage).click()
    else await page.getByRole('checkbox', { name: words.bulk.pickPage }).check()
    await button(page, words.bulk.kinds.trash).click()
    const dialog = page.getByRole('dialog', { name: words.bulk.titles.trash })
    await button(dialog, counted(words.bulk, 'start', 3)).click()
    await see(corner(page), counted(words.jobs, 'changed', 3))
    await page.goto('/trash')
    const rows = page.locator('.grid-table tbody tr')
    await until(() => rows.count(), 3)
    await button(rows.filter({ hasText: `${word}0` }), words.customers.restore).click()
    await until(() => rows.count(), 2)
    await button(rows.first(), words.trash.erase).click()
    const erasing = page.getByRole('dialog', { name: words.erase.title })
    expect(await button(erasing, words.erase.act).isDisabled()).toBe(true)
    await button(erasing, words.cancel).click()
    await boxes(page).first().check()
    await boxes(page).nth(1).check()
    await button(page.locator('.bulk-bar'), words.bulk.kinds.restore).click()
    const restoring = page.getByRole('dialog', { name: words.bulk.titles.restore })
    await button(restoring, counted(words.bulk, 'start', 2)).click()
    await see(page, words.trash.none)
    expect((await Promise.all(ids.map(read))).map((one) => one['trashedAt'])).toEqual([null, null, null])
  },
)

test.each(languages)(
  'a customer is handed over with a word; what a job could not undo stands on its page, by name (%s)',
  async (language) => {
    const word = words4[language][3]
    const ids = await people(word, 2)
    const tab = await scene.windows.open(scene.dealer.url, { language })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, `/customers/${ids[0]}`)
    await seeHeading(page, `${word}0`)
    await button(page.locator('.acts'), words.nav.more).click()
    await page.getByRole('menuitem', { name: words.handOver.menu }).click()
    const dialog = page.getByRole('dialog', { name: fill(words.handOver.title, { name: `${word}0` }) })
    await choose(page, words.bulk.newOwner, consultant.name)
    await input(dialog, words.handOver.note).fill('周六要来听功放')
    await button(dialog, words.handOver.act).click()
    await see(page.locator('.toasts'), fill(words.handOver.done, { name: consultant.name }))
    expect((await read(ids[0]!))['ownerId']).toBe(consultant.id)
    const other = await scene.windows.open(scene.dealer.url, { language })
    await signIn(other, consultant, `/customers/${ids[0]}`)
    await see(other.page, '周六要来听功放')

    const { jobId } = await scene.dealer.owner.call<{ jobId: string }>('POST', '/api/customers/bulk', {
      select: { ids },
      change: { kind: 'owner', value: scene.dealer.boss.id },
      dryRun: false,
    })
    await until(async () => (await scene.dealer.owner.call<{ state: string }>('GET', `/api/jobs/${jobId}`)).state, 'done')
    const { version } = await read(ids[0]!)
    await scene.dealer.owner.call('POST', `/api/customers/${ids[0]}/hand-over`, { version, ownerId: null })
    await page.goto('/jobs')
    await page.getByRole('link', { name: words.bulk.titles.owner }).first().click()
    await seeHeading(page, words.bulk.titles.owner)
    await button(page, words.undo).click()
    await button(page.locator('.ant-popconfirm'), words.undo).click()
    await see(page, words.jobs.keptTitle)
    const kept = page.locator('.log li').filter({ hasText: words.why.changed_since })
    await kept.getByRole('link', { name: `${word}0` }).click()
    await seeHeading(page, `${word}0`)
  },
)
