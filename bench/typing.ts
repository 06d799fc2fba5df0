import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { pinyinForms } from '../domain/text/pinyin.ts'
import { openWindows } from '../test/e2e/support/browser.ts'
import { ownerAccount, type RunningServer, setUp, startServer } from '../test/support/server.ts'
import { generateCustomers } from '../test/support/people.ts'
import { loadCustomers } from './loadCustomers.ts'
import { measureFsync } from './resources.ts'
import { signIn, timedStart } from './runSize.ts'
import { median, quantile, round } from './statistics.ts'

// node bench/typing.ts --customers 1000000 [--data DIR] [--letters 200] [--json FILE]
// Drives Chromium against the product as `npm start` serves it and measures, for each letter typed, from the key to the painted results.
// With --data the loaded installation is made there once, kept, and used again.

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    data: { type: 'string' },
    letters: { type: 'string', default: '200' },
    json: { type: 'string' },
  },
})
const customers = Number(values.customers)
const letters = Number(values.letters)
const say = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)

type Letter = { place: 'list' | 'finder'; kind: string; typed: number; ms: number; answerMs: number }

/** What a person types to find somebody, letter by letter; Han comes as an input method hands it over, one word at once. */
const waysOf = (name: string, phone: string): Record<string, string[]> => {
  const { initials, full } = pinyinForms(name)
  return {
    initials: [...initials.split(' ')[0]!],
    pinyin: [...full.split(' ')[0]!].slice(0, 7),
    han: [[...name].slice(0, 2).join(''), ...[...name].slice(2)],
    digits: Array.from(phone.slice(-4)),
  }
}

/**
 * Watches in the page: the moment a key changed the field, and the moment after which the results that belong to it were painted: the results are no
 * longer busy, one frame was drawn, and the task after it has run.
 */
const watch = (page: Page): Promise<void> =>
  page.evaluate(() => {
    type State = { began: number; done: ((at: number) => void) | null; answered: number }
    const state: State = { began: 0, done: null, answered: 0 }
    ;(window as unknown as { typing: State }).typing = state
    const fetchNow = window.fetch
    window.fetch = async (...given) => {
      const answer = await fetchNow(...given)
      if (String(given[0]).includes('q=')) {
        const read = answer.json.bind(answer)
        answer.json = async () => {
          const body: unknown = await read()
          state.answered = performance.now()
          return body
        }
      }
      return answer
    }
    document.addEventListener('input', (event) => (state.began = event.timeStamp), true)
    new MutationObserver((changes) => {
      if (!changes.some(({ target }) => (target as Element).getAttribute('aria-busy') === 'false')) return
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.addEventListener('message', () => state.done?.(performance.now()))
        channel.port1.start()
        channel.port2.postMessage(null)
      })
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['aria-busy'] })
  })

const typeOne = async (page: Page, text: string): Promise<{ ms: number; answerMs: number } | null> => {
  const painted = page.evaluate(
    () =>
      new Promise<{ ms: number; answerMs: number } | null>((resolve) => {
        // What was asked before is answered from memory, or found nobody: neither is a sample.
        setTimeout(() => resolve(null), 2_000)
        const state = (window as unknown as { typing: { began: number; done: ((at: number) => void) | null; answered: number } }).typing
        state.done = (at) => {
          if (state.answered < state.began) return
          state.done = null
          resolve({ ms: at - state.began, answerMs: state.answered - state.began })
        }
      }),
  )
  if (text.length === 1 && text < '\u0080') await page.keyboard.press(text)
  else await page.keyboard.insertText(text)
  return painted
}

let missed = 0

const isAsked = (typed: string): boolean => /[^\u0000-\u02ff]/u.test(typed) || typed.length >= 2

const measurePlace = async (page: Page, place: Letter['place'], words: Record<string, string[]>[], most: number): Promise<Letter[]> => {
  const taken: Letter[] = []
  const seen = new Set<string>()
  for (const ways of words) {
    for (const [kind, parts] of Object.entries(ways)) {
      if (taken.length >= most) return taken
      let typed = ''
      for (const part of parts) {
        typed += part
        if (!isAsked(typed)) {
          await page.keyboard.press(part)
          continue
        }
        if (seen.has(typed)) {
          await page.keyboard.insertText(part)
          await page.waitForTimeout(200)
          continue
        }
        seen.add(typed)
        const painted = await typeOne(page, part)
        if (painted) taken.push({ place, kind, typed: typed.length, ...painted })
        else missed += 1
        // A quick typist needs this long for the next key; without it the machine would never rest either.
        await page.waitForTimeout(90)
      }
      await page.keyboard.press('Control+a')
      await page.keyboard.press('Delete')
      await page.waitForTimeout(250)
    }
  }
  return taken
}

const figures = (of: readonly Letter[]) => ({
  n: of.length,
  p50: round(median(of.map(({ ms }) => ms)), 1),
  p95: round(
    quantile(
      of.map(({ ms }) => ms),
      0.95,
    ),
    1,
  ),
  answerP50: round(median(of.map(({ answerMs }) => answerMs)), 1),
  answerP95: round(
    quantile(
      of.map(({ answerMs }) => answerMs),
      0.95,
    ),
    1,
  ),
})

const by = (letters_: readonly Letter[], key: (letter: Letter) => string) =>
  Object.fromEntries([...new Set(letters_.map(key))].map((one) => [one, figures(letters_.filter((letter) => key(letter) === one))]))

const data = values.data ?? mkdtempSync(join(tmpdir(), 'anechoic-typing-'))
if (!existsSync(join(data, 'keys'))) {
  const first = await startServer({ data, limitMs: 300_000 })
  await setUp(first)
  const { staffId } = await signIn(first.url)
  await first.stop()
  const { sealedPerSecond } = await loadCustomers({ data, customers, ownerId: staffId, known: 1_000, twin: false, say })
  say(`loaded ${customers}, ${round(sealedPerSecond, 0)} a second`)
}
let server: RunningServer | null = null
const windows = await openWindows()
try {
  server = (await timedStart(data, say)).server
  const { page } = await windows.open(server.url, { language: 'zh-CN' })
  await page.goto('/sign-in')
  await page.getByLabel('登录名').fill(ownerAccount.login)
  await page.locator('input[type=password]').fill(ownerAccount.password)
  await page.keyboard.press('Enter')
  await page.locator('.shell h1').waitFor()
  await page.goto('/customers')
  await page.locator('.grid-table .opens').first().waitFor()
  await watch(page)

  const people = generateCustomers(1)
  const all = Array.from({ length: 400 }, () => people.next().value)
  const words = all.map(({ name, phones }) => waysOf(name, phones[0]!))
  await page.locator('.search-box input').click()
  await measurePlace(page, 'list', words.slice(300), 20)
  const list = await measurePlace(page, 'list', words, letters)
  await page.locator('h1').click()
  await page.keyboard.press('Control+k')
  await page.locator('dialog.finder input').waitFor()
  await measurePlace(page, 'finder', words.slice(300), 20)
  const finder = await measurePlace(page, 'finder', words, letters * 2)
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, date: new Date().toISOString().slice(0, 10) }
  const out = {
    customers,
    missed,
    list: { ...figures(list), byKind: by(list, ({ kind }) => kind) },
    finder: { ...figures(finder), byKind: by(finder, ({ kind }) => kind) },
    fsyncMs: measureFsync(data),
    loadAverage: loadavg().map((one) => round(one)),
    machine,
  }
  process.stdout.write(`${JSON.stringify(out, null, 2)}\n`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(out, null, 2)}\n`)
} finally {
  await windows.close()
  await server?.stop()
  if (values.data === undefined) rmSync(data, { recursive: true, force: true })
}
