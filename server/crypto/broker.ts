import { randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import type { SuiteId } from './aead.ts'
import { MATERIAL_BYTES, deriveDataKey } from './dataKey.ts'
import type { DataKey } from './dataKey.ts'
import { createDataKeyCache } from './dataKeyCache.ts'
import type { EpochInfo, Keyring } from './keyring.ts'
import { createOpenBudget } from './openBudget.ts'
import type { OpenBudget } from './openBudget.ts'
import { unwrapDataKey, wrapDataKey } from './wrap.ts'

/** A row of the key table: one data key, wrapped under one epoch. */
export type WrappedKey = { subject: number; epoch: number; version: number; suite: SuiteId; wrapped: Buffer }

/** Where a broker gets epoch keys: the keyring, or in a worker thread what snapshotForWorker() gave. */
export type KeySource = Pick<Keyring, 'key' | 'currentEpoch' | 'epochs' | 'reloadIfChanged'>

/** The epoch keys for a worker thread: post it as it is (KeyObjects clone, and stay opaque), and give it to keySourceFromSnapshot there. */
export type WorkerKeys = { epochs: EpochInfo[]; currentEpoch: number; keys: Map<string, KeyObject> }

/** Gives data keys to whoever brings their wrapped rows, within bounds. It never touches the database. */
export type KeyBroker = {
  /**
   * Makes a data key for a subject under the current epoch: a row to insert and the
   * key itself. The key is not kept: only what the database accepted is.
   * The caller makes sure that the subject has none and was never erased (unique row,
   * tombstone), and uses the row the database kept, not this one, if another was first.
   * `version` (default 1) counts up when a subject gets a new key. Throws AppError('key_unavailable').
   */
  mint(subject: number, options?: { version?: number; suite?: SuiteId }): Promise<{ row: WrappedKey; key: DataKey }>
  /**
   * Returns the data keys of the rows, by subject; one row per subject. Resolves in one microtask when all are cached.
   * Throws AppError('key_unavailable' | 'key_erased' | 'envelope_invalid'); then none is returned.
   */
  open(rows: readonly WrappedKey[]): Promise<Map<number, DataKey>>
  /** Returns the keys if every one is cached, else null, without waiting. */
  openCached(rows: readonly WrappedKey[]): Map<number, DataKey> | null
  /**
   * Returns the row wrapped under the current epoch, for rotation; the same object if it is already. The data key itself does not change.
   */
  rewrap(row: WrappedKey): Promise<WrappedKey>
  /**
   * Counts different subjects per actor and rolling hour, before anything is
   * opened. Throws AppError('open_budget', { limit, opened, asked }).
   */
  charge(actorId: string, subjects: readonly number[], budgetPerHour: number): void
  /** Drops a subject's key from memory at once (erasure). */
  forget(subject: number): void
  /** Drops all keys from memory (sealing the server). */
  forgetAll(): void
  /**
   * Returns the keys of all living epochs for a worker thread; post it anew after an epoch was added. Throws AppError('key_unavailable').
   */
  snapshotForWorker(): Promise<WorkerKeys>
  /** Says under which suite new keys are made from now on. */
  useSuite(suite: SuiteId): void
  /** The suite of new keys. */
  suite(): SuiteId
}

// 500 unwraps take about 10 ms; between them other requests get their turn.
const BATCH = 500

/**
 * Makes a key broker over a keyring. `maxCached` data keys stay in memory (about 1 KB each); `suite` is what new keys get;
 * `budgets` may be shared by several brokers; `now` (milliseconds that never go back) is for tests.
 */
export function keyBroker(options: {
  keyring: KeySource
  maxCached?: number
  suite?: SuiteId
  budgets?: OpenBudget
  now?: () => number
}): KeyBroker {
  const { keyring, maxCached = 50_000 } = options
  let newSuite = options.suite ?? 1
  const budgets = options.budgets ?? createOpenBudget(options.now)
  const cache = createDataKeyCache(maxCached)
  // Grows with each forget: a key unwrapped while its subject was being forgotten is not cached afterwards.
  let forgotten = 0

  const collect = (rows: readonly WrappedKey[]): { found: Map<number, DataKey>; missing: WrappedKey[] } => {
    const found = new Map<number, DataKey>()
    const missing: WrappedKey[] = []
    for (const row of rows) {
      const key = cache.find(row)
      if (key) found.set(row.subject, key)
      else missing.push(row)
    }
    return { found, missing }
  }

  const unwrap = async (rows: readonly WrappedKey[], into: Map<number, DataKey>): Promise<Map<number, DataKey>> => {
    const before = forgotten
    const epochKeys = new Map<number, KeyObject>()
    for (const { epoch } of rows) if (!epochKeys.has(epoch)) epochKeys.set(epoch, await keyring.key(`epoch/${epoch}`))
    for (const [i, row] of rows.entries()) {
      if (i > 0 && i % BATCH === 0) await setImmediate()
      const held = into.get(row.subject)
      if (held && held.version !== row.version) throw new AppError('internal', { problem: 'two keys of one subject in one call' })
      const key = deriveDataKey(unwrapDataKey(epochKeys.get(row.epoch) as KeyObject, row, row.wrapped), row)
      into.set(row.subject, key)
      if (forgotten === before) cache.add(row.epoch, key)
    }
    return into
  }

  return {
    useSuite(suite) {
      newSuite = suite
    },

    suite: () => newSuite,

    async mint(subject, { version = 1, suite = newSuite } = {}) {
      // Another process may have opened an epoch since; a key under an old one would have to be wrapped again.
      await keyring.reloadIfChanged()
      const epoch = keyring.currentEpoch()
      const epochKey = await keyring.key(`epoch/${epoch}`)
      const material = randomBytes(MATERIAL_BYTES)
      const place = { subject, epoch, version, suite }
      const row = { ...place, wrapped: wrapDataKey(epochKey, place, material) }
      const key = deriveDataKey(material, place)
      material.fill(0)
      return { row, key }
    },

    open(rows) {
      const { found, missing } = collect(rows)
      return missing.length === 0 ? Promise.resolve(found) : unwrap(missing, found)
    },

    openCached(rows) {
      const found = new Map<number, DataKey>()
      for (const row of rows) {
        const key = cache.find(row)
        if (!key) return null
        found.set(row.subject, key)
      }
      return found
    },

    async rewrap(row) {
      await keyring.reloadIfChanged()
      const epoch = keyring.currentEpoch()
      if (row.epoch === epoch) return row
      const [from, to] = await Promise.all([keyring.key(`epoch/${row.epoch}`), keyring.key(`epoch/${epoch}`)])
      const next = { ...row, epoch }
      return { ...next, wrapped: wrapDataKey(to, next, unwrapDataKey(from, row, row.wrapped)) }
    },

    charge: (actorId, subjects, budgetPerHour) => budgets.charge(actorId, subjects, budgetPerHour),

    forget(subject) {
      forgotten++
      cache.forget(subject)
    },

    forgetAll() {
      forgotten++
      cache.forgetAll()
    },

    async snapshotForWorker() {
      await keyring.reloadIfChanged()
      const epochs = keyring.epochs().filter((epoch) => epoch.destroyedAt === null)
      const keys = new Map<string, KeyObject>()
      for (const { epoch } of epochs) keys.set(`epoch/${epoch}`, await keyring.key(`epoch/${epoch}`))
      return { epochs, currentEpoch: keyring.currentEpoch(), keys }
    },
  }
}

/**
 * Returns the key source of a worker thread. A key that was not posted is
 * AppError('key_unavailable'): the worker then asks for a new snapshot.
 */
export function keySourceFromSnapshot(snapshot: WorkerKeys): KeySource {
  return {
    currentEpoch: () => snapshot.currentEpoch,
    epochs: () => snapshot.epochs,
    async key(name) {
      const key = snapshot.keys.get(name)
      if (!key) throw new AppError('key_unavailable', { name, problem: 'not in the snapshot' })
      return key
    },
    reloadIfChanged: async () => {},
  }
}
