import { expect, test } from 'vitest'
import { inspect } from './support/inspect.ts'
import { button, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { languages } from './support/words.ts'

const scene = openScene()

let households = 0
const twins = async (language: string): Promise<string[]> => {
  const { dealer } = scene
  households += 1
  const phone = `+861381111000${households}`
  const ownerId = dealer.boss.id
  return Promise.all([
    dealer.addCustomer({ name: `沈静安${language}`, phones: [phone], ownerId, notes: '爱听黑胶' }),
    dealer.addCustomer({
      name: `沈先生${language}`,
      phones: [phone],
      ownerId,
      addresses: [`上海市静安区南京西路1266号3栋120${households}室`],
    }),
    dealer.addCustomer({ name: `沈太太${language}`, phones: [phone], ownerId, notes: '要 7.2.4', tags: ['影院'] }),
  ])
}

test.each(languages)('three who share a number are found, two of them merged side by side, and it is taken back (%s)', async (language) => {
  const ids = await twins(language)
  const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 1280 : 390 })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/duplicates')
  await button(page, words.duplicates.search).click()
  const card = page
    .getByRole('listitem')
    .filter({ hasText: `沈静安${language}` })
    .filter({ hasText: words.duplicates.reasons.phone })
  await card.first().waitFor()
  // Numbers are masked here, whoever's they are.
  expect(await page.getByText('1381111').count()).toBe(0)
  expect(await inspect(page, 'duplicates')).toEqual([])
  await card
    .first()
    .getByRole('checkbox', { name: words.duplicates.include.replace('{{name}}', `沈太太${language}`) })
    .uncheck()
  await button(card.first(), words.duplicates.compare).click()
  const dialog = page.getByRole('dialog', { name: words.duplicates.mergeTitle })
  await dialog.getByRole('table').waitFor()
  expect(await inspect(page, 'merge')).toEqual([])
  await dialog
    .locator('tr', { hasText: `沈先生${language}` })
    .first()
    .getByRole('radio')
    .nth(1)
    .check()
  await button(dialog, words.duplicates.merge.replace('{{count}}', '2')).click()
  await dialog.waitFor({ state: 'hidden' })
  const trashed = async () =>
    Promise.all(
      ids.map(
        async (id) => (await scene.dealer.owner.call<{ trashedAt: string | null }>('GET', `/api/customers/${id}`)).trashedAt !== null,
      ),
    )
  await until(trashed, [true, false, false])
  const toast = page.locator('.job-toast').filter({ hasText: words.jobKinds.merge })
  await see(toast, words.duplicates.merged)
  await button(toast, words.undo).click()
  await until(trashed, [false, false, false])
})

test.each(languages)('on a customer’s page one is told of the other, and says that they are different people (%s)', async (language) => {
  const [a] = await twins(language)
  const { dealer } = scene
  const { id } = await dealer.owner.call<{ id: string }>('POST', '/api/duplicates/search')
  await until(async () => (await dealer.owner.call<{ state: string }>('GET', `/api/jobs/${id}`)).state, 'done')
  const tab = await scene.windows.open(dealer.url, { language })
  const { page, words } = tab
  await signIn(tab, dealer.boss, `/customers/${a}`)
  await seeHeading(page, `沈静安${language}`)
  await button(page, words.duplicates.compare).click()
  await page.getByRole('dialog', { name: words.duplicates.mergeTitle }).getByRole('table').waitFor()
  await button(page.getByRole('dialog', { name: words.duplicates.mergeTitle }), words.cancel).click()
  await page.goto('/duplicates')
  const card = page
    .getByRole('listitem')
    .filter({ hasText: `沈静安${language}` })
    .filter({ hasText: words.duplicates.reasons.phone })
  await card.first().waitFor()
  const before = await card.count()
  await button(card.first(), words.duplicates.different).click()
  await see(page.locator('.toasts'), words.duplicates.dismissed)
  await until(() => card.count(), before - 1)
  await button(page.locator('.toasts'), words.undo).click()
  await until(() => card.count(), before)
})
