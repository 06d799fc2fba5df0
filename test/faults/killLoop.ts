import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killProduct } from './processes.ts'
import { type Fault, type FaultReport, runRounds } from './rounds.ts'

const choices = [['server'], ['database'], ['server', 'database']] as const

/** `kill -9` of the server, the database, or both. */
const kill: Fault = {
  strike: async ({ data, server, below }) => {
    const victims = choices[below(choices.length)]!
    await killProduct(data, server, victims)
    return `killed ${victims.join(' and ')}`
  },
}

/** Kills the product `rounds` times amid writes; the report's `problems` are empty when nothing acknowledged was lost or doubled. */
export const killRounds = async (rounds: number, seed: number, say?: (line: string) => void): Promise<FaultReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'anechoic-kill-'))
  await chmod(folder, 0o755)
  try {
    return await runRounds(kill, { rounds, seed, data: join(folder, 'data'), outside: join(folder, 'outside'), ...(say ? { say } : {}) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } } })
  const report = await killRounds(Number(values.rounds), Number(values.seed), (line) => console.error(line))
  console.log(JSON.stringify(report))
  process.exitCode = report.problems.length > 0 ? 1 : 0
}
