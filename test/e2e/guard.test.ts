import { expect, test } from 'vitest'
import { emergencyReasons } from '../../domain/access/emergency.ts'
import { dengbaoItems, passwordDays } from '../../domain/compliance/dengbao.ts'
import { roleLabels } from '../../domain/policy/roleLabels.ts'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, choose, input, see, seeHeading, signIn, signInByForm, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, fill } from './support/words.ts'

let gone: Account
let manager: Account
let other: Account
const scene = openScene(async (dealer) => {
  gone = await dealer.hire('lizhi', '黎芝', 'salesConsultant')
  other = await dealer.hire('gaoji', '高季', 'salesConsultant')
  manager = await dealer.hire('dianzhang', '殿章', 'storeManager')
  for (let i = 0; i < 3; i += 1) await dealer.addCustomer({ name: `要交接的客户${i}`, ownerId: gone.id, phones: [`+861371234100${i}`] })
  await dealer.addCustomer({ name: '自己的客户', ownerId: manager.id, phones: [`+8613712341009`] })
  await dealer.owner.call('POST', `/api/people/${gone.id}/suspend`)
})

test('all customers of somebody suspended are selected from the list of what is to hand over', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signInByForm(tab, manager, '/handovers')
  const line = page.locator('.lines li').filter({ hasText: gone.name })
  await see(line, words.handovers.reasons.suspended)
  await see(line, counted(words.handovers, 'customers', 3))
  const found = await inspect(page, 'handovers')
  await line.getByRole('link').click()
  await see(page, counted(words.bulk, 'picked', 3))
  expect(found).toEqual([])
})

test('a review keeps one role, takes another, and leaves one’s own to somebody else', async () => {
  const { dealer } = scene
  const tab = await scene.windows.open(dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, dealer.boss, '/reviews')
  await button(page, words.reviews.open).click()
  await page.getByRole('radio', { name: words.reviews.kinds.all.title }).click()
  const found = await inspect(page, 'open a review')
  await button(page, words.reviews.openAct).click()
  await seeHeading(page, words.reviews.kinds.all.title)
  const of = (name: string) => page.getByRole('region', { name })
  await see(of(dealer.boss.name), words.reviews.notYours.own)
  found.push(...(await inspect(page, 'review')))
  await of(manager.name).getByRole('button', { name: words.reviews.keep }).click()
  await see(of(manager.name), words.reviews.decisions.keep)
  await of(other.name).getByRole('button', { name: words.reviews.take }).click()
  await see(page, fill(words.reviews.takeAsk, { name: other.name, role: roleLabels.salesConsultant.zh }))
  await button(page.getByRole('dialog'), words.reviews.take).click()
  await see(of(other.name), words.reviews.decisions.remove)
  await see(page, fill(words.reviews.progress, { done: 2, count: 3 }))
  await page.goto('/reviews')
  await see(page, words.reviews.states.open)
  found.push(...(await inspect(page, 'reviews')))
  expect(found).toEqual([])
})

test('an emergency is asked for, agreed to by somebody else, and counts down', async () => {
  const { dealer } = scene
  const asker = await scene.windows.open(dealer.url, { language: 'zh-CN' })
  const { page, words } = asker
  await signIn(asker, manager, '/emergencies')
  const found = await inspect(page, 'no emergency')
  await button(page, words.emergencies.ask).click()
  await choose(page, words.emergencies.reason, emergencyReasons.safety.zh)
  await input(page.getByRole('dialog'), words.emergencies.note).fill('客户家漏水，要联系')
  found.push(...(await inspect(page, 'ask')))
  await button(page.getByRole('dialog'), words.emergencies.send).click()
  await see(page.locator('.lines'), words.emergencies.phases.open)
  const guard = await scene.windows.open(dealer.url, { language: 'zh-CN' })
  await signIn(guard, dealer.boss, '/emergencies')
  found.push(...(await inspect(guard.page, 'decide')))
  await button(guard.page, words.emergencies.acts.approve).click()
  await see(guard.page.locator('.lines'), fill(words.emergencies.left, { count: 60 }))
  await see(guard.page, words.emergencies.log)
  found.push(...(await inspect(guard.page, 'running')))
  expect(found).toEqual([])
})

test('a program is registered, gets a token that is told once, and loses it', async () => {
  const { dealer } = scene
  const tab = await scene.windows.open(dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  const dialog = page.getByRole('dialog')
  await signIn(tab, dealer.boss, '/programs')
  const found = await inspect(page, 'no programs')
  await button(page, words.programs.register).click()
  await input(dialog, words.programs.name).fill('软电话')
  await input(dialog, words.programs.login).fill('ruandianhua')
  await input(dialog, words.programs.purpose).fill('来电时认出客户')
  await dialog.getByRole('checkbox', { name: roleLabels.salesConsultant.zh }).check()
  found.push(...(await inspect(page, 'register')))
  await button(dialog, words.programs.registerAct).click()
  const card = page.getByRole('region', { name: '软电话' })
  await see(card, words.programs.noTokens)
  await card.getByRole('button', { name: words.programs.makeOne }).click()
  await input(dialog, words.programs.addresses).fill('192.0.2.0/24')
  found.push(...(await inspect(page, 'token')))
  await button(dialog, words.programs.make).click()
  await see(dialog, words.programs.once)
  found.push(...(await inspect(page, 'token made')))
  await dialog.locator('.ant-modal-footer').getByRole('button', { name: words.close }).click()
  await see(card, '192.0.2.0/24')
  found.push(...(await inspect(page, 'programs')))
  await button(card, words.programs.revoke).click()
  await button(dialog, words.programs.revoke).click()
  await see(card, words.programs.noTokens)
  expect(found).toEqual([])
})

test('each item of the profile is told, and what switching it on asks of people is said before', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/dengbao')
  await see(page, dengbaoItems[0].title.zh)
  await until(() => page.locator('.lines > li').count(), dengbaoItems.length)
  const found = await inspect(page, 'profile')
  await button(page, words.dengbao.switchOn).click()
  await see(page.getByRole('dialog'), fill(words.dengbao.asks.password, { days: passwordDays }))
  found.push(...(await inspect(page, 'switch')))
  await button(page.getByRole('dialog'), words.cancel).click()
  expect(found).toEqual([])
})
