import { Worker } from 'node:worker_threads'
import { AppError } from '../../domain/errors.ts'
import { decide, type Scope } from '../../domain/policy/decide.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import { type Page, type PageQuery, type SearchScope, toSearchScope } from './index/query.ts'
import type { FromWorker, ToWorker, WorkerFacts, WorkerSettings } from './messages.ts'
import { createPending } from './pending.ts'

/** A list question as the HTTP layer has it. A filter's list means any of its values; `trashed` true shows only the trash. */
export type SearchQuery = Omit<PageQuery, 'filters'> & {
  readonly filters?: { readonly trashed?: boolean; readonly [facet: string]: boolean | string | readonly string[] | undefined }
}

/** `phase` other than `ready` means that search answers `search_unavailable`; `problem` says why a worker ended, as an error code. */
export type SearchStatus = {
  readonly phase: 'starting' | 'loading' | 'ordering' | 'catching_up' | 'ready' | 'restarting' | 'closed'
  readonly done: number
  readonly total: number
  readonly restarts: number
  readonly problem: string | null
  readonly waiting: number
} & WorkerFacts

/** The search of one process: a worker thread with the index of customers. */
export type Search = {
  /**
   * The page's ids in order and the exact total under the scope. Throws AppError('search_unavailable') while the index is not complete,
   * ('busy') when too many ask at once, ('forbidden', 'input_invalid') as the index does.
   */
  page(scope: Scope, query: SearchQuery): Promise<Page>
  /** Resolves once the write with this position (audit entry id) shows in answers. Throws AppError('search_unavailable') after two seconds. */
  waitFor(position: number): Promise<void>
  /** Pairs of customers who are alike by name and address, whoever may see them: for a job. Throws AppError('search_unavailable'). */
  alike(): Promise<[string, string][]>
  status(): SearchStatus
  /** Gives the worker the epoch keys anew, so that those of a destroyed epoch leave its memory. */
  renewKeys(): Promise<void>
  /** Ends the worker after it has saved its cache. Throws nothing. */
  close(): Promise<void>
}

type Options = {
  databaseUrl: string
  broker: Pick<KeyBroker, 'snapshotForWorker'>
  /** Where the sealed cache lies; null for none. */
  cacheFile: string | null
  /** Milliseconds between two writes of the cache; default 10 minutes. */
  cacheEveryMs?: number
}

/** Most questions under way at once. Own choice: at 20 ms each the last waits five seconds. */
const MOST_WAITING = 256
const PAGE_MS = 10_000
const WAIT_MS = 2_000
/** Own choice: a million customers take half a minute where nobody else works. */
const ALIKE_MS = 600_000
const CLOSE_MS = 20_000
/** Applied writes remembered, to answer waitFor without asking the worker. */
const MOST_REMEMBERED = 20_000
/** The index lies outside the JavaScript heap; what loading leaves behind must be collected early rather than kept as resident memory. */
const resourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 8 }
const [FIRST_PAUSE, LONGEST_PAUSE] = [200, 10_000]

/** Starts the search worker and keeps it running. Returns at once; `status` tells when it is ready. */
export function startSearch({ databaseUrl, broker, cacheFile, cacheEveryMs = 600_000 }: Options): Search {
  const pending = createPending(MOST_WAITING)
  const applied = new Set<number>()
  let worker: Worker | null = null
  let pause = FIRST_PAUSE
  let again: NodeJS.Timeout | null = null
  let closing: Promise<void> | null = null
  const state: { -readonly [K in keyof SearchStatus]: SearchStatus[K] } = {
    phase: 'starting',
    done: 0,
    total: 0,
    restarts: 0,
    problem: null,
    waiting: 0,
    records: 0,
    position: 0,
    unreadable: 0,
    fromCache: false,
  }

  const unavailable = (): AppError => new AppError('search_unavailable', { phase: state.phase, done: state.done, total: state.total })
  const remember = (entries: readonly number[]): void => {
    for (const entry of entries) applied.add(entry)
    for (const entry of applied) {
      if (applied.size <= MOST_REMEMBERED) break
      applied.delete(entry)
    }
  }
  const sendKeys = async (to: Worker): Promise<void> =>
    to.postMessage({ type: 'keys', keys: await broker.snapshotForWorker() } satisfies ToWorker)

  const hear = (from: Worker, message: FromWorker): void => {
    switch (message.type) {
      case 'progress':
        return void Object.assign(state, { phase: message.phase, done: message.done, total: message.total })
      case 'ready':
        pause = FIRST_PAUSE
        return void Object.assign(state, message.facts, { phase: 'ready', problem: null })
      case 'applied':
        remember(message.entries)
        return void Object.assign(state, message.facts)
      case 'page':
        return pending.resolve(message.id, message.page)
      case 'alike':
        return pending.resolve(message.id, message.pairs)
      case 'waited':
        return pending.resolve(message.id, undefined)
      case 'refused':
        return pending.reject(message.id, new AppError(message.code, message.details))
      case 'needKeys':
        return void sendKeys(from).catch(() => void from.terminate())
      case 'closed':
        return
    }
  }

  const fail = (problem: string): void => {
    worker = null
    applied.clear()
    pending.rejectAll(unavailable())
    if (closing || again) return
    Object.assign(state, { phase: 'restarting', problem, restarts: state.restarts + 1 })
    again = setTimeout(() => {
      again = null
      void start()
    }, pause).unref()
    pause = Math.min(pause * 2, LONGEST_PAUSE)
  }

  const start = async (): Promise<void> => {
    try {
      const keys = await broker.snapshotForWorker()
      if (closing) return
      const made = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { databaseUrl, keys, cacheFile, cacheEveryMs } satisfies WorkerSettings,
        name: 'search',
        // Nothing of the environment is needed there, and its printing would bypass the log's rules.
        env: {},
        // Nor does it follow the launcher (bin/followLauncher.mjs): its end would close that pipe for the whole process.
        execArgv: [],
        stdout: true,
        stderr: true,
        resourceLimits,
      })
      worker = made
      made.on('message', (message: FromWorker) => hear(made, message))
      made.on('error', (error: unknown) => fail(error instanceof Error ? error.message : 'internal'))
      made.on('exit', () => {
        if (worker === made) fail('ended')
      })
    } catch (error) {
      fail(error instanceof AppError ? error.code : 'internal')
    }
  }
  void start()

  const ask = <T>(ms: number, message: (id: number) => ToWorker): Promise<T> => {
    if (!worker || state.phase !== 'ready') return Promise.reject(unavailable())
    const to = worker
    return pending.add<T>(ms, unavailable, (id) => to.postMessage(message(id)))
  }

  return {
    page(scope, query) {
      if (scope.entity !== 'customer') return Promise.reject(new AppError('internal', { problem: 'no index', entity: scope.entity }))
      const [plain, asked] = [toSearchScope(scope, decide(scope.actor, 'contact')), toPageQuery(query)]
      return ask<Page>(PAGE_MS, (id) => ({ type: 'page', id, scope: plain, query: asked }) satisfies { scope: SearchScope } & ToWorker)
    },
    async waitFor(position) {
      if (applied.has(position)) return
      await ask<void>(WAIT_MS, (id) => ({ type: 'wait', id, position }))
      remember([position])
    },
    alike: () => ask<[string, string][]>(ALIKE_MS, (id) => ({ type: 'alike', id })),
    status: () => ({ ...state, waiting: pending.size() }),
    async renewKeys() {
      if (worker) await sendKeys(worker)
    },
    close() {
      closing ??= (async () => {
        if (again) clearTimeout(again)
        const last = worker
        state.phase = 'closed'
        if (last) {
          const ended = new Promise<void>((resolve) => last.once('exit', () => resolve()))
          last.postMessage({ type: 'close' } satisfies ToWorker)
          const timer = setTimeout(() => void last.terminate(), CLOSE_MS)
          await ended
          clearTimeout(timer)
        }
        pending.rejectAll(unavailable())
      })()
      return closing
    },
  }
}

function toPageQuery({ filters, ...rest }: SearchQuery): PageQuery {
  if (!filters) return rest
  const { trashed, ...facets } = filters
  const lists = Object.entries(facets).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? [value] : Array.isArray(value) ? (value as string[]) : []] as const],
  )
  return { ...rest, filters: { trashed: trashed ?? false, facets: Object.fromEntries(lists) } }
}
