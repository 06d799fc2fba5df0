import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { operationNames } from './operations.ts'
import { type Run, runSize } from './runSize.ts'
import { growthExponent, round } from './statistics.ts'

// npm run bench -- --customers 100000 --json out.json           one size: the figures of that size
// npm run bench -- --customers 10000,100000 --json out.json     several: { runs, growth }, growth being the exponent of p50 over size

/** What peers.md asks of p50 at 1 M customers, in milliseconds; lists per second for the last. */
const aims: Readonly<Record<string, string>> = {
  create: '8',
  createBatch100: '60',
  get: '4',
  update: '8',
  list50: '6',
  list50Total: '12',
  sortByName: '20',
  page10000: '15',
  phoneEquals: '4',
  substring: '25',
  lists20Concurrent: '400/s',
}

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '10000' },
    json: { type: 'string' },
    samples: { type: 'string', default: '300' },
    keep: { type: 'boolean', default: false },
  },
})
const customerCounts = values.customers.split(',').map(Number)
const samples = Number(values.samples)
if (!customerCounts.every((count) => Number.isSafeInteger(count) && count >= 1_000) || !(samples >= 10)) {
  process.stderr.write(
    'usage: npm run bench -- --customers 10000[,100000…] [--json FILE] [--samples 300] [--keep]   (at least 1,000 customers)\n',
  )
  process.exit(2)
}

const cell = (value: unknown, width: number): string => String(value ?? '').padStart(width)

const print = (run: Run): void => {
  const head = ['p10', 'p50', 'p95', 'n', 'plain p10', 'plain p50', 'plain p95', 'added', 'cpu', 'plain cpu', 'aim']
    .map((name) => cell(name, 10))
    .join('')
  process.stdout.write(`\n${run.customers} customers, milliseconds\n${'operation'.padEnd(20)}${head}\n`)
  for (const name of operationNames) {
    const { p10, p50, p95, n, plainP10, plainP50, plainP95, addedP50, cpuMs, plainCpuMs, perSecond } = run.operations[name]
    const figures = [p10, p50, p95, n, plainP10, plainP50, plainP95, addedP50, cpuMs, plainCpuMs, aims[name] ?? '']
      .map((value) => cell(value, 10))
      .join('')
    process.stdout.write(
      `${name.padEnd(20)}${figures}${perSecond === undefined ? '' : `  ${perSecond}/s, plain ${run.operations[name].plainPerSecond}/s`}\n`,
    )
  }
  const { fsyncMs, memoryMB, memoryPeakMB, postgresMB, startMs, firstStartMs, bytesRatio, bytes, load, also, loadAverage } = run
  process.stdout.write(
    `${JSON.stringify({ fsyncMs, memoryMB, memoryPeakMB, postgresMB, startMs, firstStartMs, bytesRatio, ...bytes.ratios, ...load, also, loadAverage })}\n`,
  )
}

const runs: Run[] = []
for (const customers of customerCounts) {
  const run = await runSize({
    customers,
    samples,
    keep: values.keep,
    say: (text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${customers}: ${text}\n`),
  })
  print(run)
  runs.push(run)
}
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, date: new Date().toISOString().slice(0, 10) }
const [only] = runs
const growth = Object.fromEntries(
  operationNames.map((name) => {
    const exponent = (of: 'p50' | 'plainP50'): number =>
      round(growthExponent(runs.map((run) => ({ size: run.customers, cost: run.operations[name][of] }))))
    return [name, { sealed: exponent('p50'), plain: exponent('plainP50') }]
  }),
)
if (runs.length > 1) {
  process.stdout.write(`\ngrowth exponent of p50 (0: size does not matter, 1: proportional)\n`)
  for (const name of operationNames)
    process.stdout.write(`${name.padEnd(20)}${cell(growth[name]?.sealed, 10)}   plain${cell(growth[name]?.plain, 8)}\n`)
}
if (values.json)
  writeFileSync(values.json, `${JSON.stringify(runs.length === 1 ? { ...only, machine } : { runs, growth, machine }, null, 2)}\n`)
