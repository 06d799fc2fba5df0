import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { apiClient } from '../support/api.ts'
import { seedRandom } from '../support/random.ts'
import { ownerAccount, type RunningServer, setUp, startServer, untilReady } from '../support/server.ts'
import { examineDatabase } from './examineDatabase.ts'
import { openLedger } from './ledger.ts'
import { findLosses, readAll, writeUntil } from './workload.ts'

export type FaultReport = {
  rounds: number
  seed: number
  acknowledged: number
  entries: number
  slowestRecoveryMs: number
  problems: string[]
}

/** A way to hurt the running product. `strike` returns what it did; when it returns, no process of the product is left. */
export type Fault = { strike: (context: { data: string; server: RunningServer; below: (limit: number) => number }) => Promise<string> }

export type Rounds = {
  rounds: number
  seed: number
  data: string
  /** A folder that the fault does not touch. */ outside: string
  say?: (line: string) => void
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Strikes the product amid writes, again and again, starts it anew and compares what it then knows with what it had acknowledged. */
export const runRounds = async (fault: Fault, { rounds, seed, data, outside, say = () => {} }: Rounds): Promise<FaultReport> => {
  await mkdir(outside, { recursive: true })
  const random = seedRandom(seed)
  const ledger = openLedger(join(outside, 'acknowledged.jsonl'))
  const report: FaultReport = { rounds, seed, acknowledged: 0, entries: 0, slowestRecoveryMs: 0, problems: [] }
  let server = await startServer({ data })
  try {
    await setUp(server)
    for (let round = 0; round < rounds; round += 1) {
      const api = apiClient(server.url)
      await api.signIn(ownerAccount.login, ownerAccount.password)
      const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
      const prefix = `seed${seed}round${round}`
      let halted = false
      const writing = writeUntil(api, ledger, { prefix: `${prefix}x`, storeId: store!.id, writers: 8, halted: () => halted })
      await pause(300 + random.below(1_200))
      const struck = await fault.strike({ data, server, below: (limit) => random.below(limit) })
      halted = true
      report.acknowledged += await writing

      const began = performance.now()
      server = await startServer({ data })
      await untilReady(server.url)
      report.slowestRecoveryMs = Math.max(report.slowestRecoveryMs, Math.round(performance.now() - began))
      const reader = apiClient(server.url)
      await reader.signIn(ownerAccount.login, ownerAccount.password)
      const losses = findLosses(ledger, await readAll(reader, `${prefix}x`), `${prefix}x`)
      await pause(600) // reads get their place in the order a little later
      const examined = await examineDatabase(data, ledger)
      report.entries = examined.entries
      report.problems.push(...[...losses, ...examined.problems].map((problem) => `round ${round} (${struck}): ${problem}`))
      say(`round ${round}: ${struck}; ${report.acknowledged} acknowledged so far, ${report.problems.length} problems`)
    }
    return report
  } finally {
    await server.stop().catch(() => null)
    ledger.close()
  }
}
