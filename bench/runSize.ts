import { spawn } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pidOf } from '../test/faults/processes.ts'
import { ownerAccount, type RunningServer, setUp, startServer, untilReady } from '../test/support/server.ts'
import { loadCustomers } from './loadCustomers.ts'
import { type Clients, measure, measureConcurrent, type Measured, measureProcessorTime } from './measure.ts'
import { deepPage, type OperationName, operationsOf } from './operations.ts'
import { type Bytes, measureBytes, measureFsync, memoryOf, memoryOfFamily } from './resources.ts'
import { round } from './statistics.ts'
import { openTimedClient } from './timedClient.ts'
import { twinDatabase } from './twinTables.ts'

/** The figures of one size. Times in milliseconds, memory in MB. */
export type Run = {
  readonly customers: number
  readonly operations: Readonly<
    Record<OperationName, Measured & { cpuMs?: number; plainCpuMs?: number; perSecond?: number; plainPerSecond?: number }>
  >
  readonly fsyncMs: number
  /** Resident memory of the server, and of PostgreSQL with all its processes. */
  readonly memoryMB: number
  readonly memoryPeakMB: number
  readonly postgresMB: number
  /** From the command to `/readyz`, with the search cache; and the first time, when the index is made from the rows. */
  readonly startMs: number
  readonly firstStartMs: number
  readonly bytesSealed: number
  readonly bytesPlain: number
  readonly bytesRatio: number
  readonly bytes: Bytes
  readonly load: { readonly sealedPerSecond: number; readonly plainPerSecond: number; readonly plainIndexSeconds: number }
  readonly deepPage: number
  /** One-minute load averages before and after the measuring: beyond 1 per processor other programs were in the way. */
  readonly loadAverage: readonly [number, number]
  /** A list that must show the write just answered (`X-Anechoic-Position`), and a fragment of two characters, for which trigrams cannot help. */
  readonly also: { readonly listAfterWriteP50: number; readonly substringOfTwo: Measured }
}

export type RunOptions = {
  readonly customers: number
  readonly samples: number
  readonly keep: boolean
  readonly say: (text: string) => void
}

const KNOWN = 1_000

const ownerUrlOf = (data: string): string => {
  const inside = join(data, 'run')
  const note = join(data, 'socket-folder')
  const folder = existsSync(note) ? readFileSync(note, 'utf8') : inside
  const password = readFileSync(join(data, 'secrets', 'owner.password'), 'utf8').trim()
  return `postgres://anechoic_owner:${password}@localhost/anechoic?host=${encodeURIComponent(folder)}`
}

/** Starts the product on a data folder and waits until it is ready. */
export const timedStart = async (data: string, say: (text: string) => void): Promise<{ server: RunningServer; ms: number }> => {
  const began = performance.now()
  const server = await startServer({ data, limitMs: 300_000 })
  say(`started, answers after ${round(performance.now() - began, 0)} ms`)
  await untilReady(server.url, 1_800_000)
  return { server, ms: round(performance.now() - began, 0) }
}

const portOf = (url: string): number => Number(new URL(url).port)

/** Signs in to the product as its wizard's owner and returns the headers of a session, with store and owner to write for. */
export const signIn = async (url: string): Promise<{ headers: Record<string, string>; staffId: string; storeId: string }> => {
  const { login, password } = ownerAccount
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const { csrfToken, actor } = (await answer.json()) as { csrfToken: string; actor: { staffId: string; storeIds: string[] } }
  return { headers: { cookie, 'x-csrf-token': csrfToken }, staffId: actor.staffId, storeId: actor.storeIds[0]! }
}

/** Starts the twin with a session of its own and returns its port, the session's headers and its end. */
const startTwin = async (
  url: string,
): Promise<{ port: number; headers: Record<string, string>; pid: number; stop: () => Promise<void> }> => {
  const [token, csrf] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]
  const hashed = [token, csrf].map((text) => createHash('sha256').update(text).digest())
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const staffId = randomUUID()
  await client.query('insert into staff values ($1, $2)', [staffId, 'laoban'])
  await client.query("insert into session values ($1, $2, $3, now() + interval '8 hours', now() + interval '8 hours')", [
    ...hashed,
    staffId,
  ])
  await client.end()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'plainTwin.ts')], {
    env: { ...process.env, PLAIN_TWIN_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [first] = (await Promise.race([once(child.stdout, 'data'), exited.then(() => ['0'])])) as [Buffer | string]
  const port = Number(String(first).trim())
  if (!port) throw new Error('the plain twin did not start')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  return { port, headers: { cookie: `twin=${token}`, 'x-csrf-token': csrf }, pid: child.pid!, stop }
}

const joined = <N extends string, A extends object, B extends object>(
  a: Readonly<Record<N, A>>,
  b: Readonly<Record<N, B>>,
): Record<N, A & B> => Object.fromEntries((Object.keys(a) as N[]).map((name) => [name, { ...a[name], ...b[name] }])) as Record<N, A & B>

/** Measures the wait of reading one's own writes: a change, then a list that names its position. */
const measureListAfterWrite = async ({ sealed }: Clients, storeId: string, samples: number): Promise<number> => {
  const times: number[] = []
  for (let i = 0; i < samples; i += 1) {
    const body = {
      name: `回读${i}`,
      kind: 'household',
      phones: [],
      emails: [],
      wechatIds: [],
      addresses: [],
      tags: [],
      notes: null,
      storeId,
    }
    const { headers } = await sealed.send({ method: 'POST', path: '/api/customers', body })
    const position = String(headers['x-anechoic-position'])
    const { ms } = await sealed.send({ method: 'GET', path: '/api/customers?pageSize=1', headers: { 'x-anechoic-position': position } })
    times.push(ms)
  }
  return round(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!)
}

/** Runs everything for one size in a data folder of its own, removed afterwards unless `keep`. */
export const runSize = async ({ customers, samples, keep, say }: RunOptions): Promise<Run> => {
  const data = mkdtempSync(join(tmpdir(), 'anechoic-bench-'))
  let server: RunningServer | null = null
  let twin: Awaited<ReturnType<typeof startTwin>> | null = null
  try {
    say(`data folder ${data}`)
    const first = await startServer({ data, limitMs: 300_000 })
    server = first
    await setUp(first)
    const owner = await signIn(first.url)
    await first.stop()

    const loaded = await loadCustomers({ data, customers, ownerId: owner.staffId, known: KNOWN, say })
    say(`loaded: ${round(loaded.sealedPerSecond, 0)} sealed, ${round(loaded.plainPerSecond, 0)} plain customers per second`)
    const started = await timedStart(data, say)
    server = started.server
    say(`first start ${started.ms} ms`)
    const { headers, storeId } = await signIn(server.url)
    const ownerUrl = ownerUrlOf(data)
    const twinUrl = ownerUrl.replace('/anechoic?', `/${twinDatabase}?`)
    twin = await startTwin(twinUrl)
    const clients: Clients = { sealed: openTimedClient(portOf(server.url), headers), plain: openTimedClient(twin.port, twin.headers) }
    const crowd: Clients = { sealed: openTimedClient(portOf(server.url), headers, 20), plain: openTimedClient(twin.port, twin.headers, 20) }
    const { create, createBatch100, ...rest } = operationsOf(loaded, customers, storeId)

    const loadBefore = loadavg()[0]!
    const fsyncBefore = measureFsync(data)
    const plan = { samples, least: Math.min(30, samples), mostMs: 20_000 }
    await measure(clients, rest, { samples: 60, least: 10, mostMs: 3_000 })
    say('warm')
    const reads = await measure(clients, rest, plan, 60)
    // The database serves both sides, each asked in its turn.
    const database = await pidOf(data, 'database')
    const pids = { sealed: [await pidOf(data, 'server'), database], plain: [twin.pid, database] }
    const turn = Math.min(100, samples)
    const readCosts = await measureProcessorTime(clients, rest, pids, turn, 60 + samples)
    say('reads and updates done')
    await measureConcurrent(crowd, rest.list50, { loops: 20, turns: 2, turn: 200 })
    const lists20Concurrent = await measureConcurrent(crowd, rest.list50, { loops: 20, turns: 10, turn: 400 })
    const twoCharacters = loaded.known.map(({ person }) => [...person.name].slice(-2).join('')).slice(0, 8)
    const of = (_side: unknown, i: number) => ({
      method: 'GET',
      path: `/api/customers?pageSize=10&q=${encodeURIComponent(twoCharacters[i % 8]!)}`,
    })
    const { substringOfTwo } = await measure(
      clients,
      { substringOfTwo: { ask: of } },
      { ...plan, samples: Math.min(samples, 100), mostMs: 10_000 },
    )
    // Last, so that lists read the same fifty people throughout and stay within the hour's budget of people opened.
    await measure(clients, { create }, { samples: 40, least: 10, mostMs: 3_000 })
    const writes = await measure(clients, { create, createBatch100 }, plan)
    const writeCosts = await measureProcessorTime(clients, { create, createBatch100 }, pids, Math.min(30, samples), 0)
    const listAfterWriteP50 = await measureListAfterWrite(clients, storeId, 60)
    say('writes done')
    const loadAfter = loadavg()[0]!
    const fsyncMs = round((fsyncBefore + measureFsync(data)) / 2, 3)
    const memory = memoryOf(await pidOf(data, 'server'))
    const postgresMB = memoryOfFamily(database)
    for (const client of [clients.sealed, clients.plain, crowd.sealed, crowd.plain]) client.close()
    await twin.stop()
    twin = null
    await server.stop()
    const again = await timedStart(data, say)
    server = again.server
    const bytes = await measureBytes(ownerUrlOf(data), twinUrl, join(data, 'cache', 'search.sealed'))
    return {
      customers,
      operations: { ...joined(writes, writeCosts), ...joined(reads, readCosts), lists20Concurrent },
      fsyncMs,
      memoryMB: memory.now,
      memoryPeakMB: memory.peak,
      postgresMB,
      startMs: again.ms,
      firstStartMs: started.ms,
      bytesSealed: bytes.sealed,
      bytesPlain: bytes.plain,
      bytesRatio: bytes.ratio,
      bytes,
      load: {
        sealedPerSecond: round(loaded.sealedPerSecond, 0),
        plainPerSecond: round(loaded.plainPerSecond, 0),
        plainIndexSeconds: round(loaded.plainIndexSeconds, 1),
      },
      deepPage: deepPage(customers),
      loadAverage: [round(loadBefore), round(loadAfter)],
      also: { listAfterWriteP50, substringOfTwo },
    }
  } finally {
    await twin?.stop()
    await server?.stop()
    if (!keep) rmSync(data, { recursive: true, force: true })
  }
}
