import { expect, test } from 'vitest'
import type { Tab } from './support/browser.ts'
import { inspect } from './support/inspect.ts'
import { button, input, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { type Language, languages } from './support/words.ts'

const scene = openScene()

const labels = { 'zh-CN': { name: '姓名', address: '地址' }, en: { name: 'Name', address: 'Addresses' } } as const

const formOf = async (tab: Tab, name: string) => {
  const { page, words, language } = tab
  await signIn(tab, scene.dealer.boss, '/customers/new')
  await input(page, labels[language].name).fill(name)
  const region = page.getByRole('combobox', { name: words.address.region })
  await region.waitFor()
  return {
    region,
    chosen: () => page.locator('.address .ant-select-content, .address .ant-select-selection-item').first().innerText(),
    rest: input(page, labels[language].address),
  }
}

/** Saves, and returns the address as the server has it. */
const saved = async ({ page, words }: Tab, name: string): Promise<string> => {
  await button(page, words.form.create).click()
  await seeHeading(page, name)
  const id = page.url().split('/').at(-1)!
  const customer = await scene.dealer.owner.call<{ addresses: string[] }>('GET', `/api/customers/${id}`)
  return customer.addresses[0]!
}

test.each(languages)('a region is chosen step by step, and the rest is written (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page } = tab
  const name = `步步${language}`
  const { region, rest } = await formOf(tab, name)
  await region.click()
  for (const place of ['广东省', '深圳市', '南山区']) await page.getByRole('menuitemcheckbox', { name: place, exact: true }).click()
  await rest.fill('科苑路15号')
  expect(await saved(tab, name)).toBe('广东省深圳市南山区科苑路15号')
})

test.each(languages)('a region is found by a part of its name (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language, width: 390, theme: 'dark' })
  const { page } = tab
  const name = `找到${language}`
  const { region, rest } = await formOf(tab, name)
  await region.fill('仙桃')
  await page.getByRole('menuitemcheckbox', { name: '仙桃市' }).first().click()
  await rest.fill('沔州大道')
  expect(await inspect(page, 'address')).toEqual([])
  expect(await saved(tab, name)).toBe('湖北省仙桃市沔州大道')
})

const pasted: Record<Language, readonly [pasted: string, chosen: string, rest: string]> = {
  'zh-CN': ['收货地址：杭州市西湖区 文三路９０号', '浙江省 杭州市 西湖区', '文三路90号'],
  en: ['200040 上海徐汇区武康路378号', '上海市 徐汇区', '武康路378号(200040)'],
}

test.each(languages)('a whole address that is pasted fills all parts (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page } = tab
  const name = `粘贴${language}`
  const [text, where, left] = pasted[language]
  const { rest, chosen } = await formOf(tab, name)
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await rest.focus()
  await page.keyboard.press('Control+v')
  await until(() => rest.inputValue(), left)
  await until(chosen, where)
  expect(await saved(tab, name)).toBe(where.replaceAll(' ', '') + left)
})

test('typed, a whole address takes its places when it is left; one abroad stays as it is', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page } = tab
  const { rest, chosen } = await formOf(tab, '键入')
  await rest.pressSequentially('221B Baker Street, London')
  await input(page, labels['zh-CN'].name).focus()
  await until(() => rest.inputValue(), '221B Baker Street, London')
  await rest.fill('')
  await rest.pressSequentially('深圳南山区科苑路')
  // Not under the cursor: an input method would lose its place.
  await until(() => rest.inputValue(), '深圳南山区科苑路')
  await input(page, labels['zh-CN'].name).focus()
  await until(chosen, '广东省 深圳市 南山区')
  await until(() => rest.inputValue(), '科苑路')
  expect(await saved(tab, '键入')).toBe('广东省深圳市南山区科苑路')
})

test.each(languages)('a customer has several addresses, each of which can be taken out again (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language, width: 390 })
  const { page, words } = tab
  const name = `两处${language}`
  const { rest } = await formOf(tab, name)
  await rest.fill('上海市徐汇区武康路378号')
  const more = page.locator('.address').locator('xpath=ancestor::*[contains(@class,"many")]').getByRole('button', { name: words.form.more })
  await more.click()
  const second = page.getByRole('textbox', { name: `${labels[language].address} 2` })
  await second.fill('浙江省杭州市西湖区文三路90号')
  expect(await inspect(page, 'addresses')).toEqual([])
  await more.click()
  await page.getByRole('textbox', { name: `${labels[language].address} 3` }).fill('写错了')
  await page
    .getByRole('button', { name: words.form.remove.replace('{{field}}', labels[language].address) })
    .last()
    .click()
  await button(page, words.form.create).click()
  await seeHeading(page, name)
  const id = page.url().split('/').at(-1)!
  const { addresses } = await scene.dealer.owner.call<{ addresses: string[] }>('GET', `/api/customers/${id}`)
  expect(addresses).toEqual(['上海市徐汇区武康路378号', '浙江省杭州市西湖区文三路90号'])
})
