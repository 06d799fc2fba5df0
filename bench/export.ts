import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exportFormatIds } from '../domain/export/terms.ts'
import { writeList } from '../test/e2e/long/writeList.ts'
import { pidOf } from '../test/faults/processes.ts'
import { type Api, apiClient } from '../test/support/api.ts'
import { ownerAccount, setUp, startServer } from '../test/support/server.ts'
import { memoryOf } from './resources.ts'
import { round } from './statistics.ts'

// node bench/export.ts [--rows 100000]
// Exports a whole base in each format, as the browser does, and measures seconds, the file, memory, and what lists answer meanwhile.

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })

type Status = { state: string; exported: number; bytes: number; problem: string | null }
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const fill = async (api: Api, file: string): Promise<void> => {
  const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  const staged = await api.call<{ id: string; mapping: object }>('POST', '/api/imports?kind=csv', readFileSync(file))
  const told = { mapping: staged.mapping, storeId: store!.id, onDuplicate: 'create' }
  await api.call('POST', `/api/imports/${staged.id}/start`, told)
  for (;;) {
    const { state } = await api.call<{ state: string }>('GET', `/api/imports/${staged.id}`)
    if (!['queued', 'running'].includes(state)) return
    await pause(250)
  }
}

// One job at a time: what the product does by itself at its first start would be measured along.
const untilIdle = async (api: Api): Promise<void> => {
  for (;;) {
    const { items } = await api.call<{ items: { state: string }[] }>('GET', '/api/jobs')
    if (!items.some(({ state }) => state === 'queued' || state === 'running')) return
    await pause(500)
  }
}

/** Takes everybody out in one format; lists are asked for while it is made. */
const measure = async (api: Api, format: string): Promise<object> => {
  const fields = ['name', 'kind', 'phones', 'addresses', 'storeId', 'tags', 'notes', 'source']
  const asked = { entity: 'customer', select: { query: '' }, fields, format, purpose: 'migration', language: 'zh' }
  const previewed = performance.now()
  const { count } = await api.call<{ count: number }>('POST', '/api/exports/preview', asked)
  const previewMs = performance.now() - previewed
  const began = performance.now()
  const { exportId } = await api.call<{ exportId: string }>('POST', '/api/exports', asked)
  const startMs = performance.now() - began
  const lists: number[] = []
  let status: Status
  do {
    const list = performance.now()
    await api.call('GET', '/api/customers?pageSize=50')
    lists.push(performance.now() - list)
    await pause(100)
    status = await api.call<Status>('GET', `/api/exports/${exportId}`)
  } while (['queued', 'running'].includes(status.state))
  const seconds = (performance.now() - began) / 1_000
  lists.sort((a, b) => a - b)
  return {
    format,
    state: status.state,
    problem: status.problem,
    count,
    exported: status.exported,
    fileMb: round(status.bytes / 1e6),
    previewMs: round(previewMs),
    startMs: round(startMs),
    seconds: round(seconds),
    rowsPerSecond: Math.round(status.exported / seconds),
    listsMeanwhileMs: {
      p50: round(lists[Math.floor(lists.length / 2)]!),
      p95: round(lists[Math.floor(lists.length * 0.95)]!),
      n: lists.length,
    },
  }
}

const folder = mkdtempSync('/tmp/anechoic-export-bench-')
chmodSync(folder, 0o755)
const data = join(folder, 'data')
const server = await startServer({ data, limitMs: 120_000 })
try {
  await setUp(server)
  const api = apiClient(server.url)
  await api.signIn(ownerAccount.login, ownerAccount.password)
  const most = 1_000_000
  await api.call('PUT', '/api/exports/limits', { threshold: 100_000, rowsPerDay: 0, rowsPerDayOf: { owner: most }, filesPerDay: 10 })
  const file = join(folder, 'list.csv')
  writeList(file, Number(values.rows), 7)
  await fill(api, file)
  // Importing has its own peak, which is not the export's: the server begins anew.
  await server.stop()
  const again = await startServer({ data, limitMs: 120_000 })
  const owner = apiClient(again.url)
  await owner.signIn(ownerAccount.login, ownerAccount.password)
  const pid = await pidOf(data, 'server')
  const memoryBefore = memoryOf(pid)
  const formats: object[] = []
  await pause(5_000)
  await untilIdle(owner)
  for (const format of exportFormatIds) formats.push({ ...(await measure(owner, format)), memoryMb: memoryOf(pid) })
  console.log(JSON.stringify({ rows: Number(values.rows), load: loadavg().map(round), memoryBefore, formats }))
  await again.stop()
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
