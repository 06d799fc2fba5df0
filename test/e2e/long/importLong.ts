// The long import, by hand: node test/e2e/long/importLong.ts --rows 100000 --seed 7 [--cards FOLDER] [--shots FOLDER]
// Takes every vCard file of the folder and a generated CSV through the browser's wizard to the last row, then looks for known people.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { memoryOf } from '../../../bench/resources.ts'
import { median } from '../../../bench/statistics.ts'
import { pidOf } from '../../faults/processes.ts'
import { root } from '../../support/server.ts'
import { openWindows, type Tab } from '../support/browser.ts'
import { openDealer } from '../support/dealer.ts'
import { button, choose, see, seeHeading, signIn } from '../support/page.ts'
import { chooseFile, readTally, type Tally } from '../support/wizard.ts'
import { counted, fill } from '../support/words.ts'
import { findPerson, type Search, waysToAsk } from './findPerson.ts'
import { strangeHeading, writeList } from './writeList.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '7' },
    cards: { type: 'string', default: join(root, '..', 'shared', 'data', 'vcards') },
    shots: { type: 'string' },
  },
})
const rows = Number(values.rows)
const seed = Number(values.seed)
if (!Number.isSafeInteger(rows) || rows < 20 || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: node test/e2e/long/importLong.ts --rows 100000 --seed 7 [--cards FOLDER] [--shots FOLDER]\n')
  process.exit(2)
}

/** Milliseconds after which reading a file, or an import, counts as stuck. */
const stuckMs = { reading: 120_000, importing: 3_600_000 }
const problems: string[] = []
const expect = (what: string, found: unknown, wanted: unknown): void => {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (is !== should) problems.push(`${what}: ${is} instead of ${should}`)
}
const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10

const shoot = async ({ page }: Tab, name: string): Promise<void> => {
  if (values.shots) await page.screenshot({ path: join(values.shots, `${name}.png`), fullPage: true })
}

type Import = Tally & {
  file: string
  rows: number
  readSeconds: number
  importSeconds: number
  rowsPerSecond: number
  refusedListed: number
}

/** Takes a file through the wizard: choose, preview, `map`, start, watch, report, refused rows. */
const importFile = async (tab: Tab, file: string, wanted: number, map = async (): Promise<void> => {}): Promise<Import> => {
  const { page, words } = tab
  const name = file.split('/').at(-1)!
  await page.goto('/imports')
  await see(page, words.imports.drop)
  const chosen = performance.now()
  await chooseFile(tab, file)
  await button(page, counted(words.imports, 'start', wanted)).waitFor({ timeout: stuckMs.reading })
  const readSeconds = seconds(chosen)
  process.stderr.write(`${name}: ${wanted} rows read in ${readSeconds} s\n`)
  await shoot(tab, `${name}-preview`)
  await map()
  const started = performance.now()
  await button(page, counted(words.imports, 'start', wanted)).click()
  const bar = page.getByRole('progressbar')
  // The page's content security policy lets no script be evaluated there, so the bar is read from outside.
  while (Number(await bar.getAttribute('aria-valuenow')) < 50 && performance.now() - started < stuckMs.importing)
    await page.waitForTimeout(200)
  await shoot(tab, `${name}-half`)
  await page.getByRole('heading', { level: 1, name: words.imports.result }).waitFor({ timeout: stuckMs.importing })
  const importSeconds = seconds(started)
  process.stderr.write(`${name}: imported in ${importSeconds} s\n`)
  const tally = await readTally(tab)
  await shoot(tab, `${name}-end`)
  expect(`${name}: rows accounted for`, tally.created + tally.skipped + tally.refused, wanted)
  await see(page, words.jobStates.done)
  const refusedListed = tally.refused === 0 ? 0 : await readRefused(tab)
  expect(`${name}: refused rows in the report`, refusedListed, tally.refused)
  return {
    file: name,
    rows: wanted,
    ...tally,
    readSeconds,
    importSeconds,
    rowsPerSecond: Math.round(wanted / importSeconds),
    refusedListed,
  }
}

/** Downloads the report of refused rows and returns how many it lists; each must give a reason. */
const readRefused = async ({ page, words }: Tab): Promise<number> => {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: stuckMs.reading }),
    button(page, words.imports.refusedDownload).click(),
  ])
  const [, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
  for (const line of lines) if (!/^\d+,[^,]+ \/ /.test(line)) problems.push(`a refused row without a reason: line ${line.split(',')[0]}`)
  return lines.length
}

const [dealer, windows] = await Promise.all([openDealer(), openWindows()])
try {
  if (values.shots) mkdirSync(values.shots, { recursive: true })
  const tab = await windows.open(dealer.url, { language: 'en' })
  const { page, words } = tab
  await signIn(tab, dealer.boss, '/imports')

  const imports: Import[] = []
  if (!existsSync(values.cards)) process.stderr.write(`skipped: vCards (no ${values.cards})\n`)
  for (const name of existsSync(values.cards) ? readdirSync(values.cards) : []) {
    const file = join(values.cards, name)
    const cards = readFileSync(file, 'latin1').match(/^BEGIN:VCARD/gm)?.length ?? 0
    imports.push(await importFile(tab, file, cards))
  }

  const file = join(dealer.folder, 'customers.csv')
  const list = writeList(file, rows, seed)
  const mapByHand = async (): Promise<void> => {
    await see(page.getByRole('group', { name: words.imports.preview }), list.people[0]!.name)
    await choose(page, fill(words.imports.becomes, { column: strangeHeading }), words.imports.targets.notes)
    await see(page, fill(words.imports.columnsUsed, { used: 8, count: 8 }))
  }
  const long = await importFile(tab, file, list.rows, mapByHand)
  const { created, skipped, refused } = long
  expect('what became of the rows', { created, skipped, refused }, list.expected)
  imports.push(long)

  // Twelve people from the first row to the last, each found by everything one may remember of them.
  const addressed = list.people.filter(({ addresses }) => addresses.length > 0)
  const known = Array.from({ length: 12 }, (_, i) => addressed[Math.round((i * (addressed.length - 1)) / 11)]!)
  const searches: Search[] = []
  await page.goto('/customers')
  await seeHeading(page, words.nav.customers)
  for (const person of known) {
    for (const [way, asked] of Object.entries(waysToAsk(person))) {
      const search = await findPerson(tab, person, asked)
      searches.push(search)
      if (!search.isFound) problems.push(`row ${list.people.indexOf(person) + 1} is not found by ${way}`)
    }
  }
  await shoot(tab, 'found')
  const last = known.at(-1)!
  await page.locator('.grid-table').getByRole('link', { name: last.name }).click()
  await seeHeading(page, last.name)
  await see(page, last.notes!)
  await shoot(tab, 'last-row')
  await windows.closeAll()

  const serverPeakMb = memoryOf(await pidOf(dealer.data, 'server')).peak
  const searchMs = searches.map(({ ms }) => ms)
  const found = searches.filter(({ isFound }) => isFound).length
  const figures = {
    asked: searches.length,
    found,
    narrowed: searches.filter(({ typed }) => typed > 1).length,
    medianMs: median(searchMs),
    slowestMs: Math.max(...searchMs),
  }
  process.stdout.write(`${JSON.stringify({ rows, seed, imports, searches: figures, serverPeakMb, problems }, null, 2)}\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
} finally {
  await Promise.all([windows.close(), dealer.close()])
}
