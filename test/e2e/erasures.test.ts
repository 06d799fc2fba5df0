import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inspect } from './support/inspect.ts'
import { button, choose, input, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { fill, languages } from './support/words.ts'

const scene = openScene()

test.each(languages)('an erasure gives its certificate at once and for ever, and a certificate can be checked (%s)', async (language) => {
  const name = language === 'en' ? '请抹去我' : '从此不见'
  const id = await scene.dealer.addCustomer({ name, phones: ['+8613833334444'] })
  await scene.dealer.owner.call('POST', `/api/customers/${id}/interactions`, { kind: 'call', text: '来电要求删除' })
  const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  const { page, words } = tab
  const troubles: string[] = []
  await signIn(tab, scene.dealer.boss, '/erasures')
  await seeHeading(page, words.nav.erasures)
  if (language === 'zh-CN') {
    await see(page, words.erasures.none)
    troubles.push(...(await inspect(page, 'no erasures')))
  }
  await page.goto(`/customers/${id}`)
  await seeHeading(page, name)
  await button(page.locator('.acts'), words.nav.more).click()
  await page.getByRole('menuitem', { name: words.erase.title }).click()
  const dialog = page.getByRole('dialog', { name: words.erase.title })
  await choose(page, words.erase.ground, language === 'en' ? 'The person withdrew consent' : '本人撤回同意')
  await input(dialog, words.erase.reason).fill('书面申请')
  await input(dialog, fill(words.erase.type, { name })).fill(name)
  await button(dialog, words.erase.act).click()
  const done = page.getByRole('dialog', { name: words.erase.done })
  await see(done, words.erase.keep)
  troubles.push(...(await inspect(page, 'erased')))

  const [pdf] = await Promise.all([page.waitForEvent('download'), done.getByRole('button', { name: /PDF/ }).click()])
  expect(
    readFileSync(await pdf.path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  await button(done, words.erase.close).click()
  await page.goto('/erasures')
  const line = page.locator('.erasures li').first()
  await see(line, words.erasures.states.waiting)
  const [saved] = await Promise.all([page.waitForEvent('download'), line.getByRole('button', { name: /JSON/ }).click()])
  const text = readFileSync(await saved.path(), 'utf8')
  expect(saved.suggestedFilename()).toMatch(/\d+\.json$/)
  expect(JSON.parse(text)).toMatchObject({ ground: { code: 'withdrawn' }, erased: [{ count: 1 }, { entity: 'interaction', count: 1 }] })
  expect(text).not.toContain(name)

  const check = async (content: string): Promise<void> =>
    page.locator('input[type=file]').setInputFiles({ name: 'c.json', mimeType: 'application/json', buffer: Buffer.from(content) })
  await check(text)
  await see(page, words.erasures.genuine)
  troubles.push(...(await inspect(page, 'register')))
  await check(text.replace('"withdrawn"', '"unlawful"'))
  await see(page, words.erasures.problems.seal)
  await check('no certificate')
  await see(page, words.erasures.problems.format)
  await until(() => page.getByText(words.erasures.genuine, { exact: true }).count(), 0)
  expect(troubles).toEqual([])
})
