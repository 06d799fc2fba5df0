import { expect, test } from 'vitest'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { languages } from './support/words.ts'

const scene = openScene()

test.each(languages)('an address that leads nowhere says so and leads back (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language, theme: language === 'en' ? 'dark' : 'light' })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/customers-of-last-year')
  await see(page, words.notFound.what)
  const found = await inspect(page, 'unknown address')
  await page.goto('/customers/0196f3a0-0000-7000-8000-000000000000')
  await see(page, words.errors.not_found.title)
  found.push(...(await inspect(page, 'unknown customer')))
  await button(page, words.customers.back).click()
  await seeHeading(page, words.nav.customers)
  expect(found).toEqual([])
})

const lostConnection = /net::ERR_(?:CONNECTION_|EMPTY_RESPONSE|INCOMPLETE)|status of 503/

test.each(languages)(
  'a server that stops in the middle loses nothing that was typed, and work goes on when it is back (%s)',
  async (language) => {
    const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 }, lostConnection)
    const { page, words } = tab
    // The browser's clock is ours, so that its next look at the server's state comes when we say.
    await page.clock.install()
    await signIn(tab, scene.dealer.boss, '/customers/new')
    const name = input(page, language === 'en' ? 'Name' : '姓名')
    await name.fill('断线也不丢的人')
    await scene.dealer.stop()

    await button(page, words.form.create).click()
    await see(page, words.errors.offline.title)
    await see(page, words.errors.offline.advice)
    expect(await name.inputValue()).toBe('断线也不丢的人')
    await page.clock.fastForward(31_000)
    const notice = page.getByRole('status').filter({ hasText: words.guard.unreachable })
    await notice.waitFor()
    expect(await inspect(page, 'offline')).toEqual([])

    await scene.dealer.startAgain()
    await until(async () => (await page.clock.fastForward(4_000), notice.count()), 0)
    await button(page, words.form.create).click()
    await seeHeading(page, '断线也不丢的人')
  },
)
