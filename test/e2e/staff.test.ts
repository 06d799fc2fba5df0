import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { roleLabels } from '../../domain/policy/roleLabels.ts'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signIn, signInByForm, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, fill, type Language, languages } from './support/words.ts'

const hires = {
  'zh-CN': { name: '王小婷', login: 'wangxiaoting', both: '全能', bothLogin: 'quanneng' },
  en: { name: '林一帆', login: 'linyifan', both: '全都', bothLogin: 'quandou' },
}

const dayAhead = (days: number): string => new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)

let away: Account
let stays: Account
let admin: Account
const holders = {} as Record<Language, Account>
const scene = openScene(async (dealer) => {
  away = await dealer.hire('xiujia', '秀佳', 'salesConsultant')
  stays = await dealer.hire('liushou', '刘守', 'salesConsultant')
  admin = await dealer.hire('guanli', '管理', 'systemAdministrator')
  for (const language of languages) {
    holders[language] = await dealer.hire(language === 'en' ? 'zishen' : 'gaoji', language === 'en' ? '子申' : '高季', 'salesConsultant')
    // Somebody who holds powers that belong apart, and is to leave.
    const { both: name, bothLogin: login } = hires[language]
    const apart = { roles: ['auditor', 'systemAdministrator'], storeIds: [], accepts: 'vacancy' }
    await dealer.owner.call('POST', '/api/staff', { login, name, ...apart, leavesOn: dayAhead(20) })
  }
  for (let i = 0; i < 3; i += 1) await dealer.addCustomer({ name: `休假的客户${i}`, ownerId: away.id, phones: [`+861371234000${i}`] })
})

const role = (language: Language, id: keyof typeof roleLabels): string => roleLabels[id][language === 'en' ? 'en' : 'zh']
const dialog = (page: Page): Locator => page.getByRole('dialog')
test.each(languages)('a consultant is added, found again, and what they could see is told in numbers (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, {
    language,
    width: language === 'en' ? 390 : 1280,
    theme: language === 'en' ? 'dark' : 'light',
  })
  const { page, words } = tab
  const hire = hires[language]
  const found: string[] = []
  await signInByForm(tab, scene.dealer.boss, '/people')
  await page.locator('table.people').waitFor()
  found.push(...(await inspect(page, 'people')))

  await button(page, words.people.add).click()
  await input(dialog(page), words.addPerson.name).fill(hire.name)
  await input(dialog(page), words.addPerson.name).blur()
  await until(() => input(dialog(page), words.addPerson.login).inputValue(), hire.login)
  // What belongs apart is said before it is done, and waits for a reason.
  for (const id of ['auditor', 'systemAdministrator'] as const)
    await dialog(page)
      .getByRole('checkbox', { name: role(language, id) })
      .check()
  await see(dialog(page), words.separation.kinds.powers_combined)
  expect(await button(dialog(page), words.addPerson.act).isDisabled()).toBe(true)
  found.push(...(await inspect(page, 'add with separation')))
  for (const id of ['auditor', 'systemAdministrator'] as const)
    await dialog(page)
      .getByRole('checkbox', { name: role(language, id) })
      .uncheck()
  await dialog(page)
    .getByRole('checkbox', { name: role(language, 'salesConsultant') })
    .check()
  await button(dialog(page), words.addPerson.act).click()
  await see(dialog(page), fill(words.addPerson.done, { name: hire.name }))
  expect(await dialog(page).locator('.first-password').innerText()).toMatch(/^[a-z0-9-]{17}$/)
  found.push(...(await inspect(page, 'first password')))
  await button(dialog(page), words.addPerson.close).click()

  await page.getByRole('searchbox', { name: words.people.search }).fill(hire.login.slice(0, 6))
  await until(() => page.locator('table.people tbody tr').count(), 1)
  await page.getByRole('link', { name: hire.name }).click()
  await seeHeading(page, hire.name)
  await button(page, words.sight.act).click()
  await see(page, counted(words.sight, 'names', 3))
  await see(page, words.sight.noneOpen)
  await see(page, fill(words.sight.restReveal_other, { rest: 3, count: 30 }))
  await page.getByText(words.sight.matrix).click()
  found.push(...(await inspect(page, 'person')))
  await page.getByRole('heading', { name: words.sight.title }).waitFor()

  await page.goto('/people?state=leaving')
  const row = page.locator('table.people tr').filter({ hasText: hire.both })
  await see(row, fill(words.personStates.leaving, { day: dayAhead(20) }))
  await see(page, words.separation.reasons.vacancy)
  found.push(...(await inspect(page, 'deviations')))
  expect(found).toEqual([])
})

test.each(languages)(
  'a role is copied, adapted and given; what changes for whoever has it is told before it is saved (%s)',
  async (language) => {
    const tab = await scene.windows.open(scene.dealer.url, { language })
    const { page, words } = tab
    const name = language === 'en' ? 'Senior' : '资深顾问'
    const entity = words.entityNames.customer
    const ask = (text: string): Locator => page.locator('details[open]').getByRole('group', { name: fill(text, { entity }) })
    const found: string[] = []
    await signInByForm(tab, scene.dealer.boss, '/roles')
    await page.locator('.role-card').first().waitFor()
    found.push(...(await inspect(page, 'roles')))
    const shipped = page
      .locator('.role-card')
      .filter({ has: page.getByRole('link', { name: role(language, 'salesConsultant'), exact: true }) })
    await shipped.getByRole('button', { name: words.roles.copy }).click()
    await seeHeading(page, words.roles.newTitle)
    await see(page, words.roles.same)
    await ask(words.asks.reveal).getByRole('radio', { name: words.reach.short.own, exact: true }).check()
    // Wider than what it sees cannot be chosen.
    expect(await ask(words.asks.reveal).getByRole('radio', { name: words.reach.short.all, exact: true }).isDisabled()).toBe(true)
    await see(page.locator('.differences'), fill(words.roles.moveTo, { before: words.reach.short.store, after: words.reach.short.own }))
    found.push(...(await inspect(page, 'role editor')))
    // What is typed is not lost by a slip.
    await page.getByRole('link', { name: words.roles.back }).click()
    await see(dialog(page), words.unsaved.what)
    await button(dialog(page), words.unsaved.stay).click()
    await input(page, words.roles.name).fill(role(language, 'owner'))
    await button(page, words.roles.create).click()
    await see(page, words.roles.taken)
    await input(page, words.roles.name).fill(name)
    await button(page, words.roles.create).click()
    await seeHeading(page, name)

    await page.goto(`/people/${holders[language].id}`)
    await button(page, words.grants.change).click()
    await dialog(page).getByRole('checkbox', { name }).check()
    await dialog(page)
      .getByRole('checkbox', { name: role(language, 'salesConsultant') })
      .uncheck()
    await see(dialog(page).locator('.effect-box'), words.rights.reveal)
    found.push(...(await inspect(page, 'change roles')))
    await button(dialog(page), words.grants.save).click()
    await see(page.locator('.toasts'), words.grants.saved)
    await page.getByRole('link', { name, exact: true }).click()
    await seeHeading(page, name)

    const theirs = await scene.windows.open(scene.dealer.url, { language })
    await signInByForm(theirs, scene.dealer.boss, new URL(page.url()).pathname)
    await theirs.page.getByRole('checkbox', { name: words.duties.calls_take.title }).uncheck()
    await button(theirs.page, words.roles.save).click()
    await see(theirs.page.locator('.toasts'), words.roles.saved)

    await ask(words.asks.rows).getByRole('radio', { name: words.reach.short.own, exact: true }).check()
    const holder = page.locator('.holder').filter({ hasText: holders[language].name })
    await see(holder, words.roles.loses)
    await button(page, words.roles.save).click()
    await see(page, words.roles.stale)
    await button(page, words.roles.keepMine).click()
    await button(page, words.roles.save).click()
    await see(page.locator('.toasts'), words.roles.saved)
    await button(page, words.roles.retire).click()
    await see(dialog(page), counted(words.roles, 'inUse', 1))
    expect(await button(dialog(page), words.roles.retire).isDisabled()).toBe(true)
    found.push(...(await inspect(page, 'retire')))
    expect(found).toEqual([])
  },
)

test.each(languages)('nobody is left without an owner, and it is said why and what to do (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language, theme: language === 'en' ? 'light' : 'dark' })
  const { page, words } = tab
  await signInByForm(tab, admin, `/people/${scene.dealer.boss.id}`)
  await button(page, words.suspend.act).click()
  await see(dialog(page), words.suspend.effects.sessions)
  await button(dialog(page), words.suspend.act).click()
  await see(dialog(page), words.grants.lastOwner)
  await see(dialog(page), fill(words.grants.lastOwnerWhat, { name: scene.dealer.boss.name }))
  expect(await inspect(page, 'last owner')).toEqual([])
  await button(dialog(page), words.cancel).click()

  // Who keeps accounts suspends whoever may go, and lifts it again; who grants is somebody else.
  await page.goto(`/people/${away.id}`)
  await button(page, words.suspend.act).click()
  await button(dialog(page), words.suspend.act).click()
  await see(page, words.suspend.isSuspended)
  await button(page, words.suspend.resume).click()
  await see(page.locator('.toasts'), fill(words.suspend.resumed, { name: away.name }))
  expect(await button(page, words.grants.change).count()).toBe(0)
})

test.each(languages)('whoever goes on holiday is stood in for, and the colleague sees it and their customers (%s)', async (language) => {
  const mine = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  const theirs = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = mine
  // The journey before ended this session.
  await signInByForm(mine, away, '/stand-in')
  await seeHeading(page, words.standIn.title)
  await page.getByRole('combobox', { name: words.standIn.colleague }).click()
  await page.locator('.ant-select-dropdown:visible').getByTitle(stays.name, { exact: true }).click()
  await see(page, fill(words.standIn.getsOwn, { name: stays.name }))
  await input(page, words.standIn.to).fill(dayAhead(-3))
  await see(page, words.standIn.badDays)
  await input(page, words.standIn.to).fill(dayAhead(5))
  const found = await inspect(page, 'stand in')
  await button(page, fill(words.standIn.act, { name: stays.name })).click()
  await see(page.locator('.toasts'), fill(words.standIn.done, { name: stays.name }))
  await see(page, words.standIn.running)

  await signIn(theirs, stays, '/customers')
  await until(async () => {
    await theirs.page.reload()
    await theirs.page.getByRole('button', { name: theirs.words.userMenu }).click()
    return theirs.page.getByText(fill(words.standIn.inPlaceOf, { name: away.name, day: dayAhead(5) })).count()
  }, 1)
  found.push(...(await inspect(theirs.page, 'menu')))
  await theirs.page.goto('/stand-in')
  await see(theirs.page, fill(words.standIn.receivedOne, { name: away.name }))
  await theirs.page.goto('/customers')
  await theirs.page.getByRole('link', { name: '休假的客户1' }).click()
  await see(theirs.page, '137 1234 0001')

  await button(page, words.standIn.end).click()
  await button(dialog(page), words.standIn.end).click()
  await see(page, words.standIn.givenNone)
  await until(async () => {
    await theirs.page.reload()
    await theirs.page.locator('.facts').first().waitFor()
    return theirs.page.getByText('137 1234 0001').count()
  }, 0)
  expect(found).toEqual([])
})
