import { expect, test } from 'vitest'
import { inspect } from './support/inspect.ts'
import { button, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { languages } from './support/words.ts'

const scene = openScene()

const labels = {
  'zh-CN': { phones: '电话', wechat: '微信号', address: '地址' },
  en: { phones: 'Phones', wechat: 'WeChat ids', address: 'Addresses' },
} as const

test.each(languages)('a call goes by a code to the phone on the desk, and is noted in one more click (%s)', async (language) => {
  const colleague = await scene.dealer.hire(`a.${language.toLowerCase()}`, '艾小白', 'salesConsultant')
  const id = await scene.dealer.addCustomer({
    name: '顾听雨',
    ownerId: scene.dealer.boss.id,
    phones: ['+8613812349001', '+862162349002'],
    wechatIds: ['wx_gu_9003'],
    addresses: ['上海市静安区南京西路9004号'],
  })
  const look = { language, theme: language === 'en' ? 'dark' : 'light' } as const
  const tab = await scene.windows.open(scene.dealer.url, look)
  const { page, words } = tab
  const label = labels[language]
  const secrets = ['12349001', '62349002', 'wx_gu_9003', '9004号']
  const shownSecrets = async (): Promise<string[]> => {
    const content = (await page.content()).replaceAll(/\s/g, '')
    return secrets.filter((secret) => content.includes(secret))
  }
  const found: string[] = []
  await signIn(tab, colleague, `/customers/${id}`)
  await seeHeading(page, '顾听雨')

  await button(page, `${words.uses.call} ${label.phones} 2`).click()
  const code = page.getByRole('dialog', { name: words.uses.callTitle })
  await code.getByRole('img', { name: words.uses.code }).waitFor()
  found.push(...(await inspect(page, 'call')))
  expect(await shownSecrets()).toEqual([])
  await button(code, words.uses.note).click()
  await code.waitFor({ state: 'hidden' })
  const box = page.getByPlaceholder(words.timeline.placeholder)
  await until(() => box.evaluate((element) => element === document.activeElement), true)
  await page.keyboard.type('约了周六试听')
  await page.keyboard.press('Control+Enter')
  await until(() => page.locator('.timeline li').count(), 1)
  expect(await page.locator('.timeline li b').first().innerText()).toBe(language === 'en' ? 'Call' : '电话')

  await button(page, `${words.uses.message} ${label.phones} 1`).click()
  await page.getByRole('dialog', { name: words.uses.messageTitle }).getByRole('img', { name: words.uses.code }).waitFor()
  await page.keyboard.press('Escape')
  await button(page, `${words.uses.wechat} ${label.wechat}`).click()
  await see(page.locator('.toasts'), words.uses.wechatCopied)
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('wx_gu_9003')
  await see(page.locator('.offer'), words.uses.after.wechat)
  found.push(...(await inspect(page, 'offer')))

  // No map is asked for anything before one is chosen; then it gets the address, and not where that came from.
  const asked: { url: string; referrer: string | undefined }[] = []
  await page.context().route(/amap\.com|baidu\.com/, async (route) => {
    asked.push({ url: route.request().url(), referrer: route.request().headers()['referer'] })
    await route.fulfill({ body: 'map', contentType: 'text/plain' })
  })
  await button(page, `${words.uses.navigate} ${label.address}`).click()
  const choice = page.getByRole('dialog', { name: words.uses.mapTitle })
  await see(choice, words.uses.mapHint)
  found.push(...(await inspect(page, 'maps')))
  expect(await shownSecrets()).toEqual([])
  expect(asked).toEqual([])
  const [opened] = await Promise.all([page.context().waitForEvent('page'), button(choice, words.uses.maps.amap).click()])
  await opened.waitForLoadState()
  expect(asked.map(({ url, referrer }) => [decodeURIComponent(url), referrer])).toEqual([
    ['https://uri.amap.com/search?keyword=上海市静安区南京西路9004号', undefined],
  ])
  expect(await opened.evaluate(() => window.opener === null)).toBe(true)
  await opened.close()

  await button(page, words.lens.each).click()
  const acts = (await page.locator('.who-saw li').allInnerTexts()).join('\n')
  for (const act of ['use_call', 'use_message', 'use_navigate'] as const) expect(acts).toContain(words.acts[act])
  expect(found).toEqual([])
})

test('a phone calls by itself, and offers to note it', async () => {
  const id = await scene.dealer.addCustomer({ name: '顾听风', phones: ['+8613812349005'] })
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN', width: 390 })
  const { page, words } = tab
  const links: string[] = []
  const session = await page.context().newCDPSession(page)
  await session.send('Page.enable')
  session.on('Page.frameRequestedNavigation', ({ url }) => links.push(url))
  await signIn(tab, scene.dealer.boss, `/customers/${id}`)
  await seeHeading(page, '顾听风')
  // A window with touch has a coarse pointer only where the system says so.
  await page.evaluate(() => {
    const real = window.matchMedia.bind(window)
    window.matchMedia = (query) => (query === '(pointer: coarse)' ? ({ ...real('all'), matches: true } as MediaQueryList) : real(query))
  })
  await button(page, `${words.uses.call} 电话`).click()
  await see(page.locator('.offer'), words.uses.after.call)
  expect(links.filter((link) => link.startsWith('tel:'))).toEqual(['tel:+8613812349005'])
  await button(page.locator('.offer'), words.uses.note).click()
  await page.locator('.offer').waitFor({ state: 'detached' })
  expect(await page.getByRole('radio', { name: '电话' }).getAttribute('aria-checked')).toBe('true')
})
