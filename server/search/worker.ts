import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { contact } from '../../domain/crm/contact.ts'
import { customer } from '../../domain/crm/customer.ts'
import { AppError } from '../../domain/errors.ts'
import { follow } from '../audit/follow.ts'
import { keyBroker, keySourceFromSnapshot, type WorkerKeys } from '../crypto/broker.ts'
import { openDatabase } from '../store/database.ts'
import { shapeOf } from '../store/shape.ts'
import { anchorBefore, holdsAnchor, readAnchor } from './anchor.ts'
import { discardCache, readCache, writeCache } from './cache.ts'
import { applyBatch } from './followLog.ts'
import { findAlike } from './index/findAlike.ts'
import { createIndex, type SearchIndex } from './index/createIndex.ts'
import type { FromWorker, ToWorker, WorkerFacts, WorkerSettings } from './messages.ts'
import { readParents, readRows, streamRows } from './readRows.ts'

// The search worker's thread: owns the index, follows the log, answers. Started by search.ts and by nobody else.

const settings = workerData as WorkerSettings
const port = parentPort!
const say = (message: FromWorker): void => port.postMessage(message)

const shape = shapeOf('customer')
// Whoever is a contact of a customer finds that customer.
const shapes = { shape, below: shapeOf('contact') }
let keys: WorkerKeys = settings.keys
const broker = keyBroker({
  // Each key is needed once; those of a million subjects would fill the memory.
  maxCached: 1,
  keyring: {
    currentEpoch: () => keys.currentEpoch,
    epochs: () => keys.epochs,
    key: (name) => keySourceFromSnapshot(keys).key(name),
    reloadIfChanged: async () => {},
  },
})
const database = openDatabase({ url: settings.databaseUrl, max: 2, name: 'anechoic-search' })
const stop = new AbortController()
const waiting = new Map<number, number[]>()
let index: SearchIndex | null = null
const facts: { -readonly [K in keyof WorkerFacts]: WorkerFacts[K] } = { records: 0, position: 0, unreadable: 0, fromCache: false }
let changedSinceCache = 0
let saving: { done: Promise<void>; abort: AbortController } | null = null

const awaitingKeys: (() => void)[] = []
const renewKeys = (): Promise<void> =>
  new Promise((resolve) => {
    awaitingKeys.push(resolve)
    say({ type: 'needKeys' })
  })

async function fill(): Promise<{ index: SearchIndex; next: number; complete: boolean }> {
  const client = await database.connect('load')
  try {
    if (settings.cacheFile) {
      const cached = await readCache({ file: settings.cacheFile, entity: customer, below: contact, keys }, (anchor) =>
        holdsAnchor(client, anchor),
      )
      if (cached) return { index: cached.index, next: cached.anchor.next, complete: true }
    }
    // First the place in the log, then the rows: what changes in between is applied twice, never missed.
    const next = (await readAnchor(client))?.next ?? 0
    const total = (await client.query<{ count: number }>(`select count(*) as count from ${shape.table}`)).rows[0]!.count
    const made = createIndex(customer, { below: contact })
    for await (const { rows, unreadable } of streamRows(client, broker, shapes)) {
      for (const row of rows) made.load(row)
      facts.unreadable += unreadable
      say({ type: 'progress', phase: 'loading', done: made.size(), total })
      if (stop.signal.aborted) break
      await setImmediate()
    }
    say({ type: 'progress', phase: 'ordering', done: made.size(), total })
    made.finishLoad()
    return { index: made, next, complete: false }
  } finally {
    await client.end()
  }
}

function saveCache(paced: boolean): Promise<void> {
  if (!saving) {
    const abort = new AbortController()
    const done = writeNow(paced, abort.signal).catch(() => {}) // a full disk: the next start reads the database instead
    saving = { done: done.finally(() => (saving = null)), abort }
  }
  return saving.done
}

async function writeNow(paced: boolean, signal: AbortSignal): Promise<void> {
  if (!settings.cacheFile || !index || changedSinceCache === 0) return
  const counted = changedSinceCache
  // The place first, the contents after it: what is applied in between is only applied again.
  const anchor = await anchorBefore(database.pool, facts.position)
  if (!anchor) return
  await renewKeys() // so that the file is never sealed under an epoch that is gone
  signal.throwIfAborted()
  await writeCache({ file: settings.cacheFile, entity: customer, below: contact, keys }, index, anchor, paced, signal)
  changedSinceCache -= counted
}

async function stopSaving(): Promise<void> {
  saving?.abort.abort()
  await saving?.done
}

/** Nobody who was erased stays in a file, not even sealed: the file goes now, and is written anew later. */
async function forgetCache(): Promise<void> {
  if (!settings.cacheFile) return
  await stopSaving()
  await discardCache(settings.cacheFile)
  changedSinceCache++
}

async function run(): Promise<void> {
  const filled = await fill()
  if (stop.signal.aborted) return
  index = filled.index
  Object.assign(facts, { position: filled.next, records: index.size(), fromCache: filled.complete })
  changedSinceCache = filled.complete ? 0 : 1
  // Ready only when what was committed before the start is applied too: an answer must not be older than the process.
  const target = (await readAnchor(database.pool))?.next ?? 0
  let ready = false
  const becomeReady = (): void => {
    if (ready || facts.position < target) return
    ready = true
    say({ type: 'ready', facts: { ...facts } })
    void saveCache(true)
    setInterval(() => void saveCache(true), settings.cacheEveryMs).unref()
  }
  becomeReady()
  const read = (ids: readonly string[]) => readRows(database.pool, broker, shapes, ids)
  const parents = (ids: readonly string[]) => readParents(database.pool, shapes, ids)
  for await (const batch of follow(database.connect, facts.position, stop.signal)) {
    const applied = await applyBatch(
      { index, entity: shape.name, below: shapes.below.name, signal: stop.signal, read, parents, renewKeys },
      batch,
    )
    if (applied.erased) await forgetCache()
    changedSinceCache += applied.changed
    facts.unreadable += applied.unreadable
    facts.position = batch.at(-1)!.idx + 1
    facts.records = index.size()
    say({ type: 'applied', position: facts.position, entries: applied.entries, facts: { ...facts } })
    for (const entry of batch) answerWaiting(entry.entryId)
    if (!ready) say({ type: 'progress', phase: 'catching_up', done: facts.position, total: target })
    becomeReady()
  }
}

function answerWaiting(position: number): void {
  for (const id of waiting.get(position) ?? []) say({ type: 'waited', id })
  waiting.delete(position)
}

async function wait(id: number, position: number): Promise<void> {
  // Registered before asking: the entry may be applied while the database answers.
  if (waiting.size > 10_000) waiting.clear()
  waiting.set(position, [...(waiting.get(position) ?? []), id])
  const { rows } = await database.pool.query<{ idx: number }>('select idx from audit.sequence where entry_id = $1', [position])
  if (rows[0] && rows[0].idx < facts.position) answerWaiting(position)
}

function answer(message: ToWorker & { type: 'page' }): void {
  try {
    if (!index) throw new AppError('search_unavailable')
    say({ type: 'page', id: message.id, page: index.page(message.scope, message.query) })
  } catch (error) {
    const { code, details } = error instanceof AppError ? error : new AppError('internal')
    say({ type: 'refused', id: message.id, code, details })
  }
}

async function alike(id: number): Promise<void> {
  try {
    if (!index) throw new AppError('search_unavailable')
    say({ type: 'alike', id, pairs: await findAlike(index.state, stop.signal) })
  } catch (error) {
    const { code, details } = error instanceof AppError ? error : new AppError('internal')
    say({ type: 'refused', id, code, details })
  }
}

async function close(): Promise<void> {
  stop.abort()
  await stopSaving()
  await following.catch(() => {})
  await saveCache(false)
  await database.close()
  say({ type: 'closed' })
  port.close()
}

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'page':
      return answer(message)
    case 'wait':
      // No answer is an answer here: search.ts gives up after two seconds.
      return void wait(message.id, message.position).catch(() => {})
    case 'alike':
      return void alike(message.id)
    case 'keys':
      const isRotated = message.keys.currentEpoch !== keys.currentEpoch
      keys = message.keys
      awaitingKeys.splice(0).forEach((resume) => resume())
      // The file on disk is sealed under an epoch that is gone, and the next start could not open it.
      if (isRotated && index) {
        changedSinceCache++
        void saveCache(true)
      }
      return
    case 'close':
      return void close()
  }
})

const following = run()
following.catch((error: unknown) => {
  // Thrown outside any promise, it ends this thread; search.ts starts another. Only the code leaves: a driver's message may quote a value.
  const code = error instanceof AppError ? error.code : 'internal'
  setTimeout(() => {
    throw new Error(code)
  })
})
