import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeList } from '../test/e2e/long/writeList.ts'
import { pidOf } from '../test/faults/processes.ts'
import { apiClient } from '../test/support/api.ts'
import { ownerAccount, setUp, startServer } from '../test/support/server.ts'
import { readProcessorTimes, usedBetween } from './processorTime.ts'
import { memoryOf } from './resources.ts'
import { round } from './statistics.ts'

// node bench/import.ts [--rows 100000] [--duplicates skip]
// Imports a generated CSV as the browser's wizard does, and measures seconds, processor time and memory.

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' }, duplicates: { type: 'string', default: 'skip' } } })

type Status = { state: string; done: number; created: number; skipped: number; refused: number }

const folder = mkdtempSync('/tmp/anechoic-import-bench-')
chmodSync(folder, 0o755)
const data = join(folder, 'data')
const server = await startServer({ data, limitMs: 120_000 })
try {
  await setUp(server)
  const api = apiClient(server.url)
  await api.signIn(ownerAccount.login, ownerAccount.password)
  const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  const { actor } = await api.call<{ actor: { staffId: string } }>('GET', '/api/session')
  const file = join(folder, 'list.csv')
  writeList(file, Number(values.rows), 7)

  const uploaded = performance.now()
  const staged = await api.call<{ id: string; mapping: object }>('POST', '/api/imports?kind=csv', readFileSync(file))
  const readSeconds = (performance.now() - uploaded) / 1_000
  const pids = [await pidOf(data, 'server'), await pidOf(data, 'database')]
  const before = readProcessorTimes(pids)
  const began = performance.now()
  await api.call('POST', `/api/imports/${staged.id}/start`, {
    mapping: staged.mapping,
    storeId: store!.id,
    ownerId: actor.staffId,
    onDuplicate: values.duplicates,
  })
  let status: Status
  do {
    await new Promise((resolve) => setTimeout(resolve, 250))
    status = await api.call<Status>('GET', `/api/imports/${staged.id}`)
  } while (['queued', 'running'].includes(status.state))
  const importSeconds = (performance.now() - began) / 1_000
  const after = readProcessorTimes(pids)
  const of = (pid: number): number => round(((after.get(pid) ?? 0) - (before.get(pid) ?? 0)) / 1_000)
  console.log(
    JSON.stringify({
      ...status,
      load: loadavg().map(round),
      readSeconds: round(readSeconds),
      importSeconds: round(importSeconds),
      rowsPerSecond: Math.round(status.done / importSeconds),
      processorSeconds: { server: of(pids[0]!), all: round(usedBetween(before, after) / 1_000) },
      memoryMb: memoryOf(pids[0]!),
    }),
  )
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
