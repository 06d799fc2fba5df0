import { expect, test } from 'vitest'
import { codeOf } from '../support/browserSession.ts'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signInByForm, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { giveFingerprint } from './support/virtualAuthenticator.ts'
import { fill, languages } from './support/words.ts'
import type { Tab } from './support/browser.ts'

const staff: Record<string, Account> = {}
const scene = openScene(async (dealer) => {
  for (const [login, name] of [
    ['zhou', '周敏'],
    ['tang', '唐宁'],
    ['fang', '方舟'],
    ['gu', '顾远'],
  ] as const)
    staff[login] = await dealer.hire(login, name, 'salesConsultant')
})

const account = (language: string, zh: string, en: string): Account => staff[language === 'en' ? en : zh]!

const card = ({ page }: Tab, title: string) => page.getByRole('region', { name: title })
const userMenu = async ({ page, words }: Tab) => {
  await page.getByRole('button', { name: words.userMenu }).click()
  return page.getByRole('dialog')
}
const addPasskey = async (tab: Tab, name: string): Promise<void> => {
  const { page, words } = tab
  await button(page, words.security.passkeys.add).click()
  const dialog = page.getByRole('dialog', { name: words.security.passkeys.add })
  await input(dialog, words.security.passkeys.name).fill(name)
  await button(dialog, words.security.passkeys.go).click()
  await dialog.waitFor({ state: 'hidden' })
  await see(card(tab, words.security.passkeys.title), name)
}

test.each(languages)(
  'enrols a fingerprint, signs in without a password, and loses the device: a recovery code lets in again (%s)',
  async (language) => {
    const who = account(language, 'zhou', 'tang')
    const tab = await scene.windows.open(scene.dealer.url, { language })
    const { page, words } = tab
    const fingerprint = await giveFingerprint(page)
    await signInByForm(tab, who, '/security')
    await addPasskey(tab, 'Shop PC')
    await see(card(tab, words.security.passkeys.title), words.security.passkeys.bound)
    await see(page, words.security.recovery.none)
    await button(page, words.security.recovery.make).click()
    const shown = page.getByRole('dialog', { name: words.security.recovery.title })
    await shown.locator('code').last().waitFor()
    const codes = await shown.locator('code').allTextContents()
    expect(codes).toHaveLength(10)
    const found = await inspect(page, 'recovery codes')
    await button(shown, words.security.recovery.kept).click()
    found.push(...(await inspect(page, 'security')))

    // Out, and in again with nothing but the finger.
    await button(await userMenu(tab), words.signOut).click()
    await seeHeading(page, words.signIn.title)
    await button(page, words.signIn.passkey).click()
    await page.locator('.shell h1').waitFor()
    await page.goto('/security')
    await see(card(tab, words.security.sessions.title), words.security.methods.passkey)

    // The device is gone: another browser, the password, and a recovery code.
    const other = await scene.windows.open(scene.dealer.url, { language, width: 390, theme: 'dark' })
    await other.page.goto('/')
    await input(other.page, words.signIn.login).fill(who.login)
    await input(other.page, words.signIn.password).fill(who.password)
    await button(other.page, words.signIn.act).click()
    await see(other.page, fill(words.signIn.second, { login: who.login }))
    found.push(...(await inspect(other.page, 'second step')))
    await input(other.page, words.signIn.recovery).fill('aaaaa-aaaaa')
    await button(other.page, words.signIn.act).click()
    await see(other.page, words.errors.code_wrong.title)
    await input(other.page, words.signIn.recovery).fill(codes[0]!)
    await button(other.page, words.signIn.act).click()
    await other.page.locator('.shell h1').waitFor()
    await other.page.goto('/security')
    const sessions = card(other, words.security.sessions.title)
    await sessions
      .getByRole('listitem')
      .filter({ hasNotText: words.sessions.here })
      .getByRole('button', { name: words.security.lost.open })
      .first()
      .click()
    const lost = other.page.getByRole('dialog')
    await see(lost, words.security.lost.what)
    found.push(...(await inspect(other.page, 'lost')))
    await button(lost, words.security.lost.act).click()
    await lost.waitFor({ state: 'hidden' })
    await until(() => sessions.getByRole('listitem').count(), 1)
    // The lost device hears of it at its next contact, and its fingerprint opens nothing any more.
    await page.goto('/customers')
    await see(page, words.errors.device_lost.title)
    await button(page, words.signIn.passkey).click()
    await see(page, words.errors.sign_in_failed.title)
    await fingerprint.takeAway()
    expect(found).toEqual([])
  },
)

test.each(languages)('sets up an authenticator app, and signs in with its code (%s)', async (language) => {
  const who = account(language, 'fang', 'gu')
  const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  const { page, words } = tab
  await signInByForm(tab, who, '/security')
  await button(card(tab, words.security.code.title), words.security.code.add).click()
  const dialog = page.getByRole('dialog', { name: words.security.code.add })
  await dialog.getByText(words.security.code.cannotScan).click()
  const secret = (await dialog.locator('code').textContent())!.replaceAll(' ', '')
  const found = await inspect(page, 'app')
  await input(dialog, words.security.code.first).fill('000000')
  await button(dialog, words.security.code.confirm).click()
  await see(dialog, words.errors.code_wrong.title)
  await input(dialog, words.security.code.first).fill(codeOf(secret, -1))
  await button(dialog, words.security.code.confirm).click()
  await dialog.waitFor({ state: 'hidden' })

  const other = await scene.windows.open(scene.dealer.url, { language })
  await other.page.goto('/')
  await input(other.page, words.signIn.login).fill(who.login)
  await input(other.page, words.signIn.password).fill(who.password)
  await button(other.page, words.signIn.act).click()
  await input(other.page, words.signIn.code).fill(codeOf(secret))
  await other.page.keyboard.press('Enter')
  await other.page.locator('.shell h1').waitFor()
  // The first browser is told that there was another one.
  await page.reload()
  await page
    .getByRole('button', { name: new RegExp(words.notices.title.slice(0, 2), 'i') })
    .first()
    .click()
  await see(page, words.notices.kinds.new_device)
  found.push(...(await inspect(page, 'notices')))
  expect(found).toEqual([])
})
