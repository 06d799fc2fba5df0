import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Api, apiClient } from '../test/support/api.ts'
import { ownerAccount, setUp, startServer } from '../test/support/server.ts'
import { generateCustomers } from '../test/support/people.ts'
import { median, quantile, round } from './statistics.ts'

// node bench/bulk.ts [--customers 10000]
// Changes that many customers at once in the background, undoes it, and measures lists asked for meanwhile beside lists on an idle server.

const { values } = parseArgs({ options: { customers: { type: 'string', default: '10000' }, port: { type: 'string' } } })
const customers = Number(values.customers)

type Job = { state: string; done: number; total: number; result: Record<string, number> }

const list = async (api: Api): Promise<number> => {
  const began = performance.now()
  await api.call('GET', '/api/customers?sort=-createdAt&pageSize=50')
  return performance.now() - began
}

const load = async (api: Api): Promise<void> => {
  const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  const people = generateCustomers(17)
  for (let from = 0; from < customers; from += 500) {
    const items = Array.from({ length: Math.min(500, customers - from) }, () => {
      const { name, phones, tags, notes } = people.next().value!
      return { name, kind: 'household', phones, tags, notes, storeId: store!.id }
    })
    await api.call('POST', '/api/customers/batch', { items })
  }
}

/** Follows a job to its end, asking for a list now and then; returns its seconds and the lists' milliseconds. */
const follow = async (api: Api, id: string): Promise<{ seconds: number; lists: number[]; job: Job }> => {
  const began = performance.now()
  const lists: number[] = []
  for (;;) {
    const job = await api.call<Job>('GET', `/api/jobs/${id}`)
    if (!['queued', 'running'].includes(job.state)) return { seconds: (performance.now() - began) / 1_000, lists, job }
    lists.push(await list(api))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const told = ({ seconds, lists, job }: Awaited<ReturnType<typeof follow>>) => ({
  seconds: round(seconds),
  perSecond: Math.round(job.total / seconds),
  state: job.state,
  result: job.result,
  listP50: round(median(lists)),
  listP95: round(quantile(lists, 0.95)),
})

const folder = mkdtempSync('/tmp/anechoic-bulk-bench-')
chmodSync(folder, 0o755)
const server = await startServer({
  data: `${folder}/data`,
  limitMs: 300_000,
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
})
try {
  await setUp(server)
  const api = apiClient(server.url)
  await api.signIn(ownerAccount.login, ownerAccount.password)
  await load(api)
  const { actor } = await api.call<{ actor: { staffId: string } }>('GET', '/api/session')
  const idle: number[] = []
  for (let i = 0; i < 40; i += 1) idle.push(await list(api))
  const change = async (kind: string, value?: string) => {
    const body = { select: { query: '' }, change: { kind, ...(value === undefined ? {} : { value }) } }
    const began = performance.now()
    const { count } = await api.call<{ count: number }>('POST', '/api/customers/bulk', { ...body, dryRun: true })
    const previewMs = performance.now() - began
    const { jobId } = await api.call<{ jobId: string }>('POST', '/api/customers/bulk', { ...body, dryRun: false })
    const done = await follow(api, jobId)
    return { jobId, count, previewMs: round(previewMs), ...told(done) }
  }
  const tag = await change('tag', '批量')
  const undoTag = told(await follow(api, (await api.call<{ id: string }>('POST', `/api/jobs/${tag.jobId}/undo`)).id))
  const pool = await change('pool')
  const owner = await change('owner', actor.staffId)
  const trash = await change('trash')
  const undoTrash = told(await follow(api, (await api.call<{ id: string }>('POST', `/api/jobs/${trash.jobId}/undo`)).id))
  const facts = {
    customers,
    cpus: cpus().length,
    load: loadavg().map(round),
    idleListP50: round(median(idle)),
    idleListP95: round(quantile(idle, 0.95)),
  }
  console.log(JSON.stringify({ ...facts, tag, undoTag, pool, owner, trash, undoTrash }, null, 1))
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
