import { randomInt } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { apiClient } from '../support/api.ts'
import { ownerAccount, setUp, startServer, untilReady } from '../support/server.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { findLosses, readAll, writeUntil } from './workload.ts'

/** What is killed in a round: the server's process, the database's, or both at once. */
const victims = ['server', 'database', 'both'] as const
type Victim = (typeof victims)[number]

export type KillReport = { rounds: number; seed: number; acknowledged: number; entries: number; slowestRecoveryMs: number; problems: string[] }

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const random = (seed: number) => {
  let state = seed >>> 0
  // Lehmer / Park-Miller, so that a failing round is found again by its seed.
  return (below: number): number => {
    state = (Number((BigInt(state || 1) * 48_271n) % 2_147_483_647n))
    return state % below
  }
}

const pidOf = async (data: string, victim: 'server' | 'database'): Promise<number> =>
  victim === 'server'
    ? (JSON.parse(await readFile(join(data, 'instance.json'), 'utf8')) as { pid: number }).pid
    : Number((await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])

const kill = async (data: string, victim: Victim): Promise<void> => {
  const targets = victim === 'both' ? (['server', 'database'] as const) : [victim]
  const pids = await Promise.all(targets.map((target) => pidOf(data, target)))
  for (const pid of pids) process.kill(pid, 'SIGKILL')
}

/** Asks the database itself, past the product: are all acknowledged ids there, and is the audit order dense with every entry in it? */
export const examineDatabase = async (data: string, ledger: Ledger): Promise<{ entries: number; problems: string[] }> => {
  const socket = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[4]!
  const password = (await readFile(join(data, 'secrets', 'owner.password'), 'utf8')).trim()
  const client = new pg.Client({ host: socket, user: 'anechoic_owner', password, database: 'anechoic' })
  await client.connect()
  try {
    const ids = [...ledger.lines().values()].map((line) => line.id)
    const { rows } = await client.query<{ lost: string; entries: string; unplaced: string; top: string | null; placed: string; orphans: string }>(
      `select (select count(*) from unnest($1::uuid[]) id where not exists (select from customers c where c.id = id)) lost,
              (select count(*) from audit.entry) entries,
              (select count(*) from audit.entry e where not exists (select from audit.sequence s where s.entry_id = e.id)) unplaced,
              (select max(idx) from audit.sequence) top, (select count(*) from audit.sequence) placed,
              (select count(*) from customers c where not exists (select from audit.entry e where e.records @> array[c.id] and e.action = 'create')) orphans`,
      [ids],
    )
    const row = rows[0]!
    return {
      entries: Number(row.entries),
      problems: [
        ...(Number(row.lost) > 0 ? [`${row.lost} acknowledged customers are not in the table`] : []),
        ...(Number(row.unplaced) > 0 ? [`${row.unplaced} audit entries have no index`] : []),
        ...(Number(row.top ?? -1) + 1 === Number(row.placed) ? [] : [`audit order has gaps: top ${row.top}, ${row.placed} placed`]),
        ...(Number(row.orphans) > 0 ? [`${row.orphans} customers without an audit entry of their creation`] : []),
      ],
    }
  } finally {
    await client.end()
  }
}

/** Kills the product `rounds` times amid writes and compares what it then knows with what it had acknowledged. */
export const killRounds = async (rounds: number, seed: number, say: (line: string) => void = () => {}): Promise<KillReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'anechoic-kill-'))
  await chmod(folder, 0o755)
  const data = join(folder, 'data')
  const next = random(seed)
  const ledger = openLedger(join(folder, 'acknowledged.jsonl'))
  const report: KillReport = { rounds, seed, acknowledged: 0, entries: 0, slowestRecoveryMs: 0, problems: [] }
  let server = await startServer({ data })
  try {
    await setUp(server)
    for (let round = 0; round < rounds; round += 1) {
      const api = apiClient(server.url)
      await api.signIn(ownerAccount.login, ownerAccount.password)
      const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
      const prefix = `round${round}x${randomInt(1e9)}`
      let halted = false
      const writing = writeUntil(api, ledger, { prefix, storeId: store!.id, writers: 8, halted: () => halted })
      await pause(300 + next(1_200))
      const victim = victims[next(victims.length)]!
      await kill(data, victim)
      halted = true
      report.acknowledged += await writing
      await server.kill().catch(() => {})

      const began = performance.now()
      server = await startServer({ data })
      await untilReady(server.url)
      report.slowestRecoveryMs = Math.max(report.slowestRecoveryMs, Math.round(performance.now() - began))
      const reader = apiClient(server.url)
      await reader.signIn(ownerAccount.login, ownerAccount.password)
      const losses = (await findLosses(ledger, await readAll(reader, prefix), prefix)).map((problem) => `round ${round} (${victim}): ${problem}`)
      await pause(50)
      const examined = await examineDatabase(data, ledger)
      report.entries = examined.entries
      report.problems.push(...losses, ...examined.problems.map((problem) => `round ${round} (${victim}): ${problem}`))
      say(`round ${round}: ${victim} killed, ${report.acknowledged} acknowledged so far, ${report.problems.length} problems`)
    }
    return report
  } finally {
    await server.stop().catch(() => {})
    ledger.close()
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } } })
  const report = await killRounds(Number(values.rounds), Number(values.seed), (line) => console.error(line))
  console.log(JSON.stringify(report))
  process.exitCode = report.problems.length > 0 ? 1 : 0
}
