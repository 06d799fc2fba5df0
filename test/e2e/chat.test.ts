import { expect, test } from 'vitest'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { languages } from './support/words.ts'

const scene = openScene()

const pasted = [
  '张伟 2026/3/5 14:03\n功放到了吗\n静听-罗老板 2026/3/5 14:05\n到了，周六可以来听\n张伟 2026/3/6 9:10\n[图片]',
  '张伟 2026/3/6 9:10\n[图片]\n静听-罗老板 2026/3/6 9:12\n这个角度放不下书架箱',
] as const

test.each(languages)('a pasted WeChat chat becomes entries by day, once (%s)', async (language) => {
  const id = await scene.dealer.addCustomer({ name: '张伟', ownerId: scene.dealer.boss.id })
  const tab = await scene.windows.open(scene.dealer.url, {
    language,
    theme: language === 'en' ? 'dark' : 'light',
    width: language === 'en' ? 390 : 1280,
  })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, `/customers/${id}`)
  await seeHeading(page, '张伟')
  await see(page, words.timeline.none)
  const box = page.getByPlaceholder(words.timeline.placeholder)
  const paste = async (text: string): Promise<void> => {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
    await box.focus()
    await page.keyboard.press('Control+v')
  }
  // A note is a note.
  await paste('周六 14:00 来店\n带两只猫')
  await until(() => box.inputValue(), '周六 14:00 来店\n带两只猫')
  await box.fill('')

  await paste(pasted[0])
  const dialog = page.getByRole('dialog', { name: words.chat.title })
  await see(dialog, '2026-03-05')
  const sideOf = (name: string, side: string) => dialog.getByRole('radiogroup', { name }).getByRole('radio', { name: side, exact: true })
  expect(await sideOf('张伟', words.chat.sides.customer).isChecked()).toBe(true)
  expect(await sideOf('静听-罗老板', words.chat.sides.us).isChecked()).toBe(true)
  expect(await inspect(page, 'chat')).toEqual([])
  await dialog.getByRole('radiogroup', { name: '张伟' }).getByText(words.chat.sides.other, { exact: true }).click()
  await see(dialog, '14:03 张伟：功放到了吗')
  await dialog.locator('.ant-btn-primary').click()
  await dialog.waitFor({ state: 'hidden' })
  const entries = page.locator('.timeline .said')
  const us = words.chat.sides.us
  await until(
    () => entries.allInnerTexts(),
    ['09:10 张伟：[图片]', `14:03 张伟：功放到了吗\n14:05 静听-罗老板（${us}）：到了，周六可以来听`],
  )

  await paste(pasted[1])
  await dialog.locator('.ant-btn-primary').click()
  await until(
    async () => (await entries.allInnerTexts()).toSorted(),
    [
      '09:10 张伟：[图片]',
      `09:12 静听-罗老板（${us}）：这个角度放不下书架箱`,
      `14:03 张伟：功放到了吗\n14:05 静听-罗老板（${us}）：到了，周六可以来听`,
    ],
  )
  await paste(pasted[1])
  await dialog.locator('.ant-btn-primary').click()
  await see(page.locator('.toasts'), language === 'en' ? 'One entry was there already' : '1 条以前已经记过')

  // As plain text, nothing of it is lost.
  await paste(pasted[0])
  await button(dialog, words.chat.asText).click()
  await until(() => input(page, language === 'en' ? 'What was said' : '内容').inputValue(), pasted[0])
})
