import { expect, test } from 'vitest'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, see, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { fill, languages } from './support/words.ts'

let owner: Account
const scene = openScene(async (dealer) => {
  owner = await dealer.hire('xiaoai', '艾小白', 'salesConsultant')
})

test.each(languages)(
  'outside the working set a phone is masked, opens with a reason for a minute, and the look is on record (%s)',
  async (language) => {
    const last = language === 'en' ? '8124' : '8125'
    const phone = `138 0013 ${last}`
    const label = language === 'en' ? 'Phones' : '电话'
    const looker = await scene.dealer.hire(`xiaobai.${last}`, '白小艾', 'salesConsultant')
    const id = await scene.dealer.addCustomer({ name: '顾听雨', ownerId: owner.id, phones: [`+861380013${last}`] })
    const tab = await scene.windows.open(scene.dealer.url, {
      language,
      width: language === 'en' ? 390 : 1280,
      theme: language === 'en' ? 'dark' : 'light',
    })
    const { page, words } = tab
    await page.clock.install()
    await signIn(tab, looker, `/customers/${id}`)
    const row = page.locator('dt', { hasText: label }).locator('xpath=following-sibling::dd[1]')
    await see(row, last)
    expect(await row.innerText()).not.toContain('0013')
    // Not even a hidden part of the page, or an attribute, has it.
    expect((await page.content()).replace(/\s/g, '')).not.toContain(`0013${last}`)

    await button(row, fill(words.reveal.showField, { field: label })).click()
    const ask = page.getByRole('dialog', { name: fill(words.reveal.why, { field: label }) })
    await see(ask, fill(words.reveal.budget, { count: 30 }))
    const found = await inspect(page, 'reasons')
    await button(ask, words.reasons.call_back).click()
    await see(row, phone)
    await row.getByTitle(/\d/).waitFor()
    found.push(...(await inspect(page, 'revealed')))
    await page.clock.fastForward(30_000)
    await see(row, phone)
    await page.clock.fastForward(31_000)
    await row.getByText(phone).waitFor({ state: 'hidden' })
    expect(await row.innerText()).not.toContain('0013')

    // The next question says what is left of today's budget.
    await button(row, fill(words.reveal.showField, { field: label })).click()
    await see(ask, fill(words.reveal.left, { count: 29 }))
    await page.keyboard.press('Escape')
    await button(page, words.lens.each).click()
    const look = page.locator('.who-saw li').filter({ hasText: words.acts.reveal })
    await until(() => look.count(), 1)
    expect(await look.innerText()).toContain('白小艾')
    expect(await look.innerText()).toContain(label)
    expect(await look.innerText()).toContain(words.reasons.call_back)
    expect(found).toEqual([])
  },
)

test('copying uses the value without showing it, and is recorded as that', async () => {
  const looker = await scene.dealer.hire('xiaobai.copy', '白小艾', 'salesConsultant')
  const id = await scene.dealer.addCustomer({ name: '顾听涛', ownerId: owner.id, wechatIds: ['wx_gutingtao'] })
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, looker, `/customers/${id}`)
  // The lens asks again for what it has shown, not for what is still on its way.
  await button(page, words.lens.each).waitFor()
  await page.getByRole('button', { name: `${words.uses.copy} 微信号` }).click()
  await see(page.locator('.toasts'), fill(words.uses.copied, { field: '微信号' }))
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('wx_gutingtao')
  expect(await page.content()).not.toContain('wx_gutingtao')
  await button(page, words.lens.each).click()
  await until(() => page.locator('.who-saw li').filter({ hasText: words.acts.use_copy }).count(), 1)
})
