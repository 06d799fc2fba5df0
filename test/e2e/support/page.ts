import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Account } from './dealer.ts'
import type { Tab } from './browser.ts'

/** Milliseconds after which a condition counts as never coming true. */
export const limitMs = 30_000

/** Returns the input with this label (or a label that begins with it: some say beside it that they are required). */
export const input = (within: Page | Locator, label: string): Locator => within.getByLabel(label).and(within.locator('input, textarea'))

/** Returns the button with these words. */
export const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true })

/** Waits until a text stands on the page. */
export const see = async (within: Page | Locator, text: string): Promise<void> => within.getByText(text).first().waitFor()

/** Waits until the page's heading says this. */
export const seeHeading = async (page: Page, text: string): Promise<void> => page.getByRole('heading', { level: 1, name: text }).waitFor()

/** Waits until `read` gives what is expected. */
export const until = async <T>(read: () => Promise<T>, expected: T): Promise<void> => {
  await expect.poll(read, { timeout: limitMs, interval: 50 }).toEqual(expected)
}

/** Returns what a screen reader hears with an input beyond its label: its hint or what is wrong with it. */
export const noteOf = (control: Locator): Promise<string> =>
  control.evaluate((element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent ?? '')

/** Signs in by the form, as whoever it is, and waits for the page that follows. */
export const signInByForm = async ({ page, words }: Tab, account: Account, path = '/'): Promise<void> => {
  await page.goto(path)
  await input(page, words.signIn.login).fill(account.login)
  await input(page, words.signIn.password).fill(account.password)
  await button(page, words.signIn.act).click()
  await page.locator('.shell h1').waitFor()
}

type Cookies = Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>

const sessions = new Map<string, Cookies>()

/** Opens the path as somebody who is signed in: the first time by the form, then with the session that this made, for passwords take their time. */
export const signIn = async (tab: Tab, account: Account, path = '/'): Promise<void> => {
  const context = tab.page.context()
  const kept = sessions.get(account.login)
  if (!kept) {
    await signInByForm(tab, account, path)
    sessions.set(account.login, await context.cookies())
    return
  }
  await context.addCookies(kept)
  await tab.page.goto(path)
  await tab.page.locator('.shell h1').waitFor()
}

/** Opens antd's choice with this label and takes the option with these words. */
export const choose = async (page: Page, label: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click()
  await page.locator('.ant-select-dropdown:visible').getByTitle(option, { exact: true }).click()
}
