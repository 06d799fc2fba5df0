import { existsSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Api, apiClient } from '../test/support/api.ts'
import { ownerAccount, setUp, startServer } from '../test/support/server.ts'
import { loadCustomers } from './loadCustomers.ts'
import { measureFsync } from './resources.ts'
import { signIn, timedStart } from './runSize.ts'
import { median, quantile, round } from './statistics.ts'

// node bench/duplicates.ts --customers 1000000 --data DIR
// Looks for duplicates among all customers in the background and measures lists asked for meanwhile beside lists on an idle server. The loaded
// installation is made in DIR once, kept, and used again.

const { values } = parseArgs({ options: { customers: { type: 'string', default: '100000' }, data: { type: 'string' } } })
const data = values.data ?? '/tmp/anechoic-duplicates-bench'
const customers = Number(values.customers)
const say = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const list = async (api: Api): Promise<number> => {
  const began = performance.now()
  await api.call('GET', '/api/customers?sort=-createdAt&pageSize=50')
  return performance.now() - began
}

if (!existsSync(data)) {
  const first = await startServer({ data, limitMs: 300_000 })
  await setUp(first)
  const { staffId } = await signIn(first.url)
  await first.stop()
  await loadCustomers({ data, customers, ownerId: staffId, known: 1_000, twin: false, say })
}
const { server } = await timedStart(data, say)
try {
  const api = apiClient(server.url)
  await api.signIn(ownerAccount.login, ownerAccount.password)
  for (let i = 0; i < 20; i += 1) await list(api)
  const idle: number[] = []
  for (let i = 0; i < 200; i += 1) {
    idle.push(await list(api))
    await pause(20)
  }
  const meanwhile: number[] = []
  const began = performance.now()
  const { id } = await api.call<{ id: string }>('POST', '/api/duplicates/search')
  let job = { state: 'queued', done: 0 }
  const halves: [number[], number[]] = [[], []]
  for (let i = 0; job.state === 'queued' || job.state === 'running'; i += 1) {
    const ms = await list(api)
    meanwhile.push(ms)
    halves[job.done === 0 ? 0 : 1].push(ms)
    await pause(20)
    if (i % 5 === 0) job = await api.call('GET', `/api/jobs/${id}`)
  }
  const seconds = (performance.now() - began) / 1_000
  const { total } = await api.call<{ total: number }>('GET', '/api/duplicates?pageSize=1')
  const [idleP95, busyP95] = [quantile(idle, 0.95), quantile(meanwhile, 0.95)]
  console.log(
    JSON.stringify({
      customers,
      seconds: round(seconds),
      state: job.state,
      pairs: total,
      idleP50: round(median(idle)),
      idleP95: round(idleP95),
      busyP50: round(median(meanwhile)),
      busyP95: round(busyP95),
      raised: round(busyP95 / idleP95),
      lists: meanwhile.length,
      // By blind index in the database; by likeness in the search worker.
      byIndex: { lists: halves[0].length, p95: round(quantile(halves[0], 0.95)) },
      byLikeness: { lists: halves[1].length, p95: round(quantile(halves[1], 0.95)) },
      fsyncMs: round(measureFsync(data)),
      cpus: cpus().length,
      load: loadavg().map(round),
    }),
  )
} finally {
  await server.stop()
}
