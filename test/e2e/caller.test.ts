import { expect, test } from 'vitest'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signIn, signInByForm, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { fill, languages } from './support/words.ts'

let clerk: Account
const scene = openScene(async (dealer) => {
  clerk = await dealer.hire('qiantai', '钱台', 'salesConsultant')
  const { id: otherStore } = await dealer.owner.call<{ id: string }>('POST', '/api/stores', { name: '徐汇店' })
  await dealer.addCustomer({ name: '来电人', phones: ['+8613812348001'] })
  for (const name of ['合用甲', '合用乙']) await dealer.addCustomer({ name, phones: ['+8613812348002'] })
  await dealer.addCustomer({ name: '徐汇客', phones: ['+8613812348003'], storeId: otherStore })
})

test.each(languages)(
  'a softphone opens the card of whoever calls, in any spelling, or says whom to pass the call to (%s)',
  async (language) => {
    const tab = await scene.windows.open(scene.dealer.url, {
      language,
      width: language === 'en' ? 390 : 1280,
      theme: language === 'en' ? 'dark' : 'light',
    })
    const { page, words } = tab
    const troubles: string[] = []
    const call = (phone: string) => page.goto(`/?phone=${encodeURIComponent(phone)}`)
    const dialog = page.locator('.ant-modal').filter({ hasText: language === 'en' ? 'Call from' : '来电' })

    // Nobody is signed in: the number waits in memory, and stands in no address.
    await signInByForm(tab, clerk, `/?phone=${encodeURIComponent('+86 138-1234-8001')}`)
    await seeHeading(page, '来电人')
    expect(page.url()).toMatch(/\/customers\/[\w-]+$/)
    await see(page.locator('.offer'), words.uses.after.call)

    await call('０１３８１２３４８００１'.slice(1))
    await seeHeading(page, '来电人')

    await call('008613812348002')
    await see(dialog, '合用乙')
    expect(page.url()).not.toContain('phone')
    troubles.push(...(await inspect(page, 'several callers')))
    await dialog.getByRole('button', { name: '合用乙' }).click()
    await seeHeading(page, '合用乙')

    await call('138 1234 8003')
    await see(dialog, words.caller.elsewhere)
    await see(dialog, '徐汇店')
    expect(await page.content()).not.toContain('徐汇客')
    troubles.push(...(await inspect(page, 'caller elsewhere')))

    await call('139 8765 4321')
    await see(dialog, words.caller.nobody)
    troubles.push(...(await inspect(page, 'unknown caller')))
    await button(dialog, words.caller.create).click()
    await seeHeading(page, words.customers.new)
    expect(
      await input(page, language === 'en' ? 'Phones' : '电话')
        .first()
        .inputValue(),
    ).toBe('139 8765 4321')

    await call('12')
    await see(dialog, words.errors.input_invalid.title)
    await button(dialog, words.close).last().click()
    await dialog.waitFor({ state: 'hidden' })
    expect(troubles).toEqual([])
  },
)

test('without a softphone the finder asks for a complete number in all shops', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, clerk, '/customers')
  await page.keyboard.press('Control+k')
  const finder = page.getByRole('combobox', { name: words.finder.label })
  await finder.fill('1381234800')
  await until(() => page.getByRole('option', { name: words.caller.find }).count(), 0)
  await finder.fill('13812348003')
  await page.getByRole('option', { name: words.caller.find }).click()
  await see(page.locator('.ant-modal'), fill(words.caller.pass, { place: `徐汇店 · ${scene.dealer.boss.name}` }))
})
