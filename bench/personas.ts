import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { pinyinForms } from '../domain/text/pinyin.ts'
import { openWindows, type Tab } from '../test/e2e/support/browser.ts'
import { button, seeHeading, signInByForm } from '../test/e2e/support/page.ts'
import { chooseFile } from '../test/e2e/support/wizard.ts'
import { counted } from '../test/e2e/support/words.ts'
import { apiClient } from '../test/support/api.ts'
import { root, startServer, untilReady } from '../test/support/server.ts'
import { median, round } from './statistics.ts'

// node bench/personas.ts [--rows 2000]
// Three tasks of a shop's day on the demo (2,000 customers), in Chromium: what a person does for each, by keys and clicks, and how long the product makes
// them wait. `people` adds a practised person's own time by the keystroke-level model (Card, Moran, Newell 1980: key 0.28 s, pointing 1.1, click 0.2, change
// of hand 0.4, deciding 1.35).

const { values } = parseArgs({ options: { rows: { type: 'string', default: '2000' } } })
const rows = Number(values.rows)
const times = 7

type Doing = { keys: number; clicks: number; decisions: number }
type Measured = Doing & { productSeconds: number; people: number }

const peopleSeconds = ({ keys, clicks, decisions }: Doing): number =>
  keys * 0.28 + clicks * (1.1 + 0.2) + (clicks > 0 && keys > 0 ? 0.4 : 0) + decisions * 1.35

const measured = (doing: Doing, waits: number[]): Measured => {
  const productSeconds = median(waits) / 1_000
  return { ...doing, productSeconds: round(productSeconds), people: round(peopleSeconds(doing) + productSeconds, 1) }
}

type Staff = { login: string; role: string; password: string }
type Person = { id: string; name: string; phones: (string | { masked: string })[] }

const since = async (work: () => Promise<void>): Promise<number> => {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Finds somebody by the two letters their name begins with, as a colleague types them, opens them, and presses call. */
const findAndCall = async ({ page, words }: Tab, person: Person): Promise<{ wait: number; downs: number }> => {
  await page.goto('/customers')
  await page.locator('.grid-table .opens').first().waitFor()
  const letters = pinyinForms(person.name).initials.split(' ')[0]!.slice(0, 2)
  let downs = 0
  const wait = await since(async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type(letters)
    const line = page.locator('dialog.finder [role=option]').filter({ hasText: person.name }).first()
    await line.waitFor()
    while ((await line.getAttribute('aria-selected')) !== 'true') {
      await page.keyboard.press('ArrowDown')
      downs += 1
    }
    await page.keyboard.press('Enter')
    await seeHeading(page, person.name)
    await page
      .getByRole('button', { name: new RegExp(`^${words.uses.call} `) })
      .first()
      .click()
    await page.getByRole('dialog', { name: words.uses.callTitle }).getByRole('img', { name: words.uses.code }).waitFor()
  })
  await page.keyboard.press('Escape')
  return { wait, downs }
}

const byLastFour = async (page: Page, person: Person, digits: string): Promise<number> => {
  await page.goto('/customers')
  await page.locator('.grid-table .opens').first().waitFor()
  return since(async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type(digits)
    await page.locator('dialog.finder [role=option]').filter({ hasText: person.name }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.shell h1').filter({ hasText: person.name }).waitFor()
  })
}

const folder = mkdtempSync('/tmp/anechoic-personas-')
chmodSync(folder, 0o755)
const server = await startServer({ data: join(folder, 'data'), args: ['--demo'], limitMs: 240_000 })
const windows = await openWindows()
try {
  let line: string | undefined
  while (
    !(line = server
      .output()
      .split('\n')
      .find((one) => one.startsWith('{"url"')))
  )
    await new Promise((resolve) => setTimeout(resolve, 200))
  await untilReady(server.url)
  const { staff } = JSON.parse(line) as { staff: Staff[] }
  const accountOf = (role: string) => {
    const found = staff.find((one) => one.role === role)!
    return { id: '', name: found.login, ...found }
  }
  const consultant = accountOf('salesConsultant')
  const api = apiClient(server.url)
  await api.signIn(consultant.login, consultant.password)
  const { actor } = await api.call<{ actor: { staffId: string } }>('GET', '/api/session')
  const own = await api.call<{ items: Person[] }>('GET', `/api/customers?pageSize=100&filter[ownerId]=${actor.staffId}`)
  const known = own.items.filter(({ name, phones }) => /^\p{Script=Han}{2,3}$/u.test(name) && typeof phones[0] === 'string')

  const desk = await windows.open(server.url, { language: 'zh-CN' })
  await signInByForm(desk, consultant, '/customers')
  const calls: { wait: number; downs: number }[] = []
  for (const person of known.slice(0, times + 1)) {
    // Whom two letters do not bring among the eight that are shown is found by a third; those are not the task.
    const letters = pinyinForms(person.name).initials.split(' ')[0]!.slice(0, 2)
    const { items } = await api.call<{ items: Person[] }>('GET', `/api/customers?pageSize=8&show=brief&q=${letters}`)
    if (items.some(({ id }) => id === person.id)) calls.push(await findAndCall(desk, person))
  }
  const downs = median(calls.slice(1).map((call) => call.downs))
  const call = measured(
    { keys: 1 + 2 + downs + 1, clicks: 1, decisions: 2 },
    calls.slice(1).map(({ wait }) => wait),
  )

  const opened: number[] = []
  const typed: number[] = []
  for (const person of known.slice(10, 10 + times)) {
    opened.push(
      await since(async () => {
        await desk.page.goto(`/?phone=${encodeURIComponent(String(person.phones[0]))}`)
        await seeHeading(desk.page, person.name)
      }),
    )
    typed.push(await byLastFour(desk.page, person, String(person.phones[0]).slice(-4)))
  }
  const softphone = measured({ keys: 0, clicks: 0, decisions: 0 }, opened)
  const lastFour = measured({ keys: 1 + 4 + 1, clicks: 0, decisions: 1 }, typed)

  const list = join(folder, '去年客户.csv')
  execFileSync(process.execPath, [join(root, 'scripts/makeCustomers.ts'), '--rows', String(rows), '--seed', '99', '--out', list])
  const office = await windows.open(server.url, { language: 'zh-CN' })
  await signInByForm(office, accountOf('owner'), '/imports')
  const { page, words } = office
  let previewed = 0
  const whole = await since(async () => {
    const began = performance.now()
    await chooseFile(office, list)
    const start = button(page, counted(words.imports, 'start', rows))
    await start.waitFor()
    previewed = performance.now() - began
    await start.click()
    await page.getByRole('heading', { level: 1, name: words.imports.result }).waitFor({ timeout: 300_000 })
  })
  // The place in the menu, the button, the file in the system's dialog, start.
  const imported = { rows, preview: round(previewed / 1_000), ...measured({ keys: 0, clicks: 4, decisions: 3 }, [whole]) }
  console.log(
    JSON.stringify(
      { call: { ...call, samples: calls.length - 1 }, softphone, lastFour, imported, load: loadavg().map((one) => round(one)) },
      null,
      1,
    ),
  )
} finally {
  await windows.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
