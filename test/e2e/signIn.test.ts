import { expect, test } from 'vitest'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signInByForm, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { languages } from './support/words.ts'

const scene = openScene()

test.each(languages)(
  'a wrong password is refused, the right one leads on to the page asked for, signing out ends it (%s)',
  async (language) => {
    const tab = await scene.windows.open(scene.dealer.url, { language })
    const { page, words } = tab
    await page.goto('/audit')
    await page.waitForURL('**/sign-in?next=%2Faudit')
    await input(page, words.signIn.login).fill(scene.dealer.boss.login)
    await input(page, words.signIn.password).fill('not-the-password-of-anybody')
    await button(page, words.signIn.act).click()
    await see(page, words.errors.sign_in_failed.title)
    const found = await inspect(page, 'wrong password')
    expect(await input(page, words.signIn.password).inputValue()).toBe('')
    await input(page, words.signIn.password).fill(scene.dealer.boss.password)
    await page.keyboard.press('Enter')
    await seeHeading(page, words.nav.audit)
    expect(new URL(page.url()).pathname).toBe('/audit')
    // Both attempts are on record.
    await see(page.locator('.log li').filter({ hasText: words.acts.sign_in_failed }), words.outcomes.refused)

    await page.getByRole('button', { name: words.userMenu }).click()
    await button(page, words.signOut).click()
    await seeHeading(page, words.signIn.title)
    await page.goto('/customers')
    await page.waitForURL('**/sign-in?next=%2Fcustomers')
    expect(found).toEqual([])
  },
)

test('on a phone one signs out from the bar below', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'en', theme: 'dark', width: 390 })
  const { page, words } = tab
  await signInByForm(tab, scene.dealer.boss)
  await button(page, words.nav.more).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('link', { name: words.nav.audit }).waitFor()
  expect(await inspect(page, 'more')).toEqual([])
  await button(sheet, words.signOut).click()
  await seeHeading(page, words.signIn.title)
})

test.each(languages)('the list of sessions names this browser, and ends another one for good (%s)', async (language) => {
  const here = await scene.windows.open(scene.dealer.url, { language })
  const there = await scene.windows.open(scene.dealer.url, { language })
  await signInByForm(there, scene.dealer.boss, '/customers/new')
  await input(there.page, language === 'en' ? 'Name' : '姓名').fill('输入到一半')
  await signInByForm(here, scene.dealer.boss, '/sessions')
  const { page, words } = here
  await see(page, words.sessions.here)
  const others = button(page, words.sessions.end)
  for (let left = await others.count(); left > 0; left -= 1) {
    await others.first().click()
    await until(() => others.count(), left - 1)
  }
  await see(page, words.sessions.here)

  // The other window is told in place, and what was typed there is not lost.
  await button(there.page, words.form.create).click()
  const again = there.page.getByRole('dialog', { name: words.signInAgain.title })
  await again.waitFor()
  await input(again, words.signIn.password).fill(scene.dealer.boss.password)
  await button(again, words.signIn.act).click()
  await again.waitFor({ state: 'hidden' })
  expect(await input(there.page, language === 'en' ? 'Name' : '姓名').inputValue()).toBe('输入到一半')
  await button(there.page, words.form.create).click()
  await seeHeading(there.page, '输入到一半')
})
