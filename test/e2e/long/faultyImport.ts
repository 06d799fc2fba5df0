// Lists with planted faults through the browser's wizard, by hand: node test/e2e/long/faultyImport.ts --csv 100000 --planted 2000 --xlsx 20000 [--seed 7]
// Imports a GBK text and a workbook to the last row and holds the report of refused rows against each fault that was planted.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { memoryOf } from '../../../bench/resources.ts'
import { problemLabels } from '../../../domain/import/problemLabels.ts'
import { pidOf } from '../../faults/processes.ts'
import { openWindows } from '../support/browser.ts'
import { openDealer } from '../support/dealer.ts'
import { button, signIn } from '../support/page.ts'
import { chooseFile, readTally } from '../support/wizard.ts'
import { counted } from '../support/words.ts'
import { type FaultyList, writeFaulty } from './writeFaulty.ts'

const { values } = parseArgs({
  options: {
    csv: { type: 'string', default: '100000' },
    xlsx: { type: 'string', default: '20000' },
    planted: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '7' },
  },
})
const stuckMs = 3_600_000
const problems: string[] = []
const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10

/** Says which planted faults the report does not account for, and which of its lines nobody planted. */
const compare = (report: string, { refused }: FaultyList, name: string): void => {
  const said = new Map<number, string>()
  for (const line of report.trim().split(/\r?\n/).slice(1)) {
    const [, number = '', reason = ''] = /^(\d+),("(?:[^"]|"")*"|[^,]*)/.exec(line) ?? []
    said.set(Number(number), reason)
  }
  for (const [line, problem] of refused)
    if (!said.get(line)?.includes(problemLabels[problem].zh))
      problems.push(`${name} ${line}: ${problem}, but the report says ${said.get(line)}`)
  for (const line of said.keys()) if (!refused.has(line)) problems.push(`${name} ${line}: refused, and nobody planted a fault there`)
}

const [dealer, windows] = await Promise.all([openDealer(), openWindows()])
try {
  const tab = await windows.open(dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, dealer.boss, '/imports')
  const figures: object[] = []
  for (const [name, rows, seed] of [
    ['faulty.csv', Number(values.csv), Number(values.seed)],
    ['faulty.xlsx', Number(values.xlsx), Number(values.seed) + 1],
  ] as const) {
    const file = join(dealer.folder, name)
    const list = writeFaulty(file, rows, Math.min(Number(values.planted), Math.floor(rows / 10)), seed)
    await page.goto('/imports')
    const chosen = performance.now()
    await chooseFile(tab, file)
    await button(page, counted(words.imports, 'start', rows)).click({ timeout: stuckMs })
    const readSeconds = seconds(chosen)
    const started = performance.now()
    await page.getByRole('heading', { level: 1, name: words.imports.result }).waitFor({ timeout: stuckMs })
    const importSeconds = seconds(started)
    const tally = await readTally(tab)
    const expected = { created: list.created, skipped: list.skipped, refused: list.refused.size }
    if (JSON.stringify(tally) !== JSON.stringify(expected))
      problems.push(`${name}: ${JSON.stringify(tally)} instead of ${JSON.stringify(expected)}`)
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 600_000 }),
      button(page, words.imports.refusedDownload).click(),
    ])
    compare(await readFile(await download.path(), 'utf8'), list, name)
    figures.push({
      file: name,
      rows,
      ...tally,
      readSeconds,
      importSeconds,
      serverPeakMb: memoryOf(await pidOf(dealer.data, 'server')).peak,
    })
  }
  await windows.closeAll()
  process.stdout.write(`${JSON.stringify({ figures, problems }, null, 2)}\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
} finally {
  await Promise.all([windows.close(), dealer.close()])
}
