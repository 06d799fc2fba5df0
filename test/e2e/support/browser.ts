import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium } from './findChromium.ts'
import { type Language, wordsIn } from './words.ts'
import type { Messages } from '../../../web/messages/en.ts'

/** How somebody looks at the product. Width in CSS pixels; 390 is a common phone. */
export type Look = { language: Language; theme?: 'light' | 'dark'; width?: number }

/** One person's browser window: its page, and the words to expect in it. */
export type Tab = { page: Page; words: Messages; language: Language }

/** A browser and the windows opened in it. */
export type Windows = {
  /** Opens a window with cookies of its own. `expectedTroubles`: console errors that the journey brings about itself. */
  open: (url: string, look: Look, expectedTroubles?: RegExp) => Promise<Tab>
  /** Closes all windows; throws when any page threw, logged an error or broke its content security policy. */
  closeAll: () => Promise<void>
  close: () => Promise<void>
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// The browser's own line for every answer of 400 and above. Refusals are part of what is tested, and each is looked at on the page.
const refusal = /^Failed to load resource: the server responded with a status of 4\d\d/

/** Starts a Chromium without a window. `more`: further flags, and a home folder whose trusted authorities it takes. */
export const openWindows = async (more: { flags?: readonly string[]; home?: string } = {}): Promise<Windows> => {
  const browser: Browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...flags, ...(more.flags ?? [])],
    ...(more.home === undefined ? {} : { env: { ...process.env, HOME: more.home } }),
  })
  const troubles: string[] = []

  const open: Windows['open'] = async (url, { language, theme = 'light', width = 1280 }, expectedTroubles) => {
    const context = await browser.newContext({
      baseURL: url,
      locale: language === 'en' ? 'en-GB' : 'zh-CN',
      colorScheme: theme,
      viewport: { width, height: width < 600 ? 844 : 900 },
      hasTouch: width < 600,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000) // a bound for hangs; no journey is decided by its speed
    const note = (text: string): void => {
      if (!refusal.test(text) && !expectedTroubles?.test(text)) troubles.push(`${new URL(page.url()).pathname}: ${text}`)
    }
    page.on('console', (message) => {
      if (message.type() === 'error') note(message.text())
    })
    page.on('pageerror', (error) => note(String(error)))
    return { page, words: wordsIn(language), language }
  }

  const closeAll = async (): Promise<void> => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    const found = troubles.splice(0)
    if (found.length > 0) throw new Error(`the pages complained:\n${found.join('\n')}`)
  }

  return { open, closeAll, close: () => browser.close() }
}
