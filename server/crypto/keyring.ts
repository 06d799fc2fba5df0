import { randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { identityToRecipient } from 'age-encryption'
import { AppError } from '../../domain/errors.ts'
import { createFileDurably, removeTemporaries, replaceFileDurably } from './durableFile.ts'
import { withFileLock } from './fileLock.ts'
import { entryOf, livesOf, nextOf, numberOf, requireSameProvider } from './keyringBody.ts'
import { mintEntry, openByKit, openByProvider, rewrapEntry } from './keyWraps.ts'
import { formatKeyring, keyringProblem, readKeyringFile, verifyMac } from './keyringFile.ts'
import type { KeyEntry, KeyringBody, ReadKeyring } from './keyringFile.ts'
import type { ProviderHeader, RootProvider } from './providers/rootProvider.ts'

/** One epoch: `destroyedAt` is null while its key exists. Times are ISO 8601. */
export type EpochInfo = { epoch: number; createdAt: string; destroyedAt: string | null }

/**
 * The keys that live outside PostgreSQL, in one file that many processes may
 * change. Every write is atomic, under a lock, and re-reads first.
 */
export type Keyring = {
  readonly file: string
  readonly id: string
  readonly providerKind: string
  /** The public half of the recovery kit (`age1…`). */
  readonly recoveryRecipient: string
  /** When the kit was last proven by typing its shares back (ISO 8601), or null. */
  readonly kitProvenAt: string | null
  /** The epoch whose key wraps new data keys. */
  currentEpoch(): number
  /** All epochs ever, oldest first, with those destroyed. */
  epochs(): EpochInfo[]
  /** The generation that lookups use: the oldest live one, since a newer one is complete only when the older is retired. */
  currentIndexGeneration(): number
  /** Every live generation, oldest first: writes fill a column for each. */
  indexGenerations(): number[]
  /**
   * The key of a name (epoch/N, index/G, mac/1, staging/1), unwrapped by the provider on demand and kept for KEY_CACHE_MS.
   * Throws AppError('key_unavailable') when the provider is lost or nobody
   * knows the name, AppError('key_erased') when the key was destroyed.
   */
  key(name: string): Promise<KeyObject>
  /** Adds an epoch, which becomes the current one, and returns its number. Two processes at once add two. */
  addEpoch(): Promise<number>
  /**
   * Destroys an epoch key in both wraps and in the previous copy. Irrevocable:
   * call it when no row is wrapped under it and none can be added.
   * Throws AppError('input_invalid') for the current or an unknown one.
   */
  destroyEpoch(epoch: number): Promise<void>
  /** Adds an index generation and returns its number; lookups stay with the old one until it is retired. */
  addIndexGeneration(): Promise<number>
  /** Destroys an index generation. Throws AppError('input_invalid') for the last live or an unknown one. */
  retireIndexGeneration(generation: number): Promise<void>
  /** Notes that the recovery kit was proven now; prove it with proveKit first. */
  markKitProven(): Promise<void>
  /** Reads the file again. Throws AppError('keyring_invalid') and keeps the old state if it is damaged, foreign or older. */
  reload(): Promise<void>
  /** Reloads if the file was replaced since: one stat, a few microseconds. */
  reloadIfChanged(): Promise<void>
  /** Forgets every unwrapped key; the next use asks the provider again. */
  lock(): void
}

/** A key unwrapped by the provider is kept this long, in milliseconds: a provider that is taken away stops the product within it. */
export const KEY_CACHE_MS = 5 * 60_000

/**
 * Returns kind and public parameters of the provider a keyring needs, without any key: with kind 'passphrase' the server starts sealed.
 * Throws AppError('keyring_invalid').
 */
export async function readKeyringProvider(file: string): Promise<{ kind: string; header: ProviderHeader; recoveryRecipient: string }> {
  const { body } = await readKeyringFile(file)
  return { ...body.provider, recoveryRecipient: body.recovery.recipient }
}

/**
 * Creates keyring.json with epoch/1, index/1, mac/1 and staging/1, each under the
 * provider and under the recovery recipient (`age1…`), and opens it.
 * Throws AppError('keyring_invalid', problem 'exists') rather than ever replacing one.
 */
export async function createKeyring(file: string, provider: RootProvider, recoveryRecipient: string): Promise<Keyring> {
  // Early, since minting takes a while; createFileDurably decides.
  if (existsSync(file)) throw keyringProblem(file, 'exists')
  const id = randomBytes(8).toString('hex')
  const names = ['epoch/1', 'index/1', 'mac/1', 'staging/1']
  const keys = await Promise.all(names.map((name) => mintEntry(id, name, provider, recoveryRecipient)))
  const body: KeyringBody = {
    format: 'anechoic-keyring/1',
    id,
    revision: 1,
    provider: { kind: provider.kind, header: provider.header },
    recovery: { recipient: recoveryRecipient, provenAt: null },
    keys,
  }
  const text = formatKeyring(body, await openByProvider(id, entryOf(body, 'mac/1') as KeyEntry, provider))
  await createFileDurably(file, text).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? keyringProblem(file, 'exists', error) : error
  })
  return openKeyring(file, provider)
}

/**
 * Opens keyring.json: checks its content, that the provider is its own, and its MAC (one key is unwrapped for that).
 * `now` gives milliseconds that never go back; it is for tests.
 * Throws AppError('keyring_invalid', { file, problem, advice }), or what the provider throws if it cannot be reached.
 */
export async function openKeyring(file: string, provider: RootProvider, now: () => number = () => performance.now()): Promise<Keyring> {
  const cache = new Map<string, { key: Promise<KeyObject>; until: number; timer: NodeJS.Timeout }>()
  let state = await readKeyringFile(file)
  requireSameProvider(file, state.body, provider)
  verifyMac(file, state, await openByProvider(state.body.id, entryOf(state.body, 'mac/1') as KeyEntry, provider))

  const forget = (name: string) => {
    clearTimeout(cache.get(name)?.timer)
    cache.delete(name)
  }

  const unwrap = (entry: KeyEntry): Promise<KeyObject> => {
    const held = cache.get(entry.name)
    if (held && held.until > now()) return held.key
    forget(entry.name)
    const key = openByProvider(state.body.id, entry, provider).catch((cause: unknown) => {
      forget(entry.name)
      if (cause instanceof AppError && cause.code === 'key_erased') throw cause
      const problem = cause instanceof AppError ? String(cause.details.problem ?? cause.code) : 'unreachable'
      throw new AppError('key_unavailable', { name: entry.name, provider: provider.kind, problem }, { cause })
    })
    // The timer only shortens the key's life in memory; whether it may be used is decided by the clock above.
    cache.set(entry.name, { key, until: now() + KEY_CACHE_MS, timer: setTimeout(() => forget(entry.name), KEY_CACHE_MS).unref() })
    return key
  }

  const adopt = async (read: ReadKeyring): Promise<void> => {
    if (read.text === state.text) return void (state = read)
    if (read.body.id !== state.body.id) throw keyringProblem(file, 'other_keyring')
    if (read.body.revision < state.body.revision) throw keyringProblem(file, 'older')
    requireSameProvider(file, read.body, provider)
    verifyMac(file, read, await unwrap(entryOf(read.body, 'mac/1') as KeyEntry))
    if (read.body.revision < state.body.revision) return
    state = read
    for (const name of cache.keys()) if (entryOf(read.body, name)?.destroyedAt !== null) forget(name)
  }

  const reload = async () => adopt(await readKeyringFile(file))

  const write = <T>(change: (body: KeyringBody) => Promise<{ body: KeyringBody; value: T; destroys?: boolean }>): Promise<T> =>
    withFileLock(`${file}.lock`, async () => {
      await reload()
      const { body, value, destroys = false } = await change(state.body)
      // A writer killed half-way left a temporary file that may hold what is to be destroyed.
      if (destroys) await removeTemporaries(file)
      if (body === state.body) {
        // A crash between the two writes below leaves the key in the previous copy: destroying again finishes it.
        if (destroys) await replaceFileDurably(`${file}.previous`, state.text, { wipe: true })
        return value
      }
      const macKey = await unwrap(entryOf(state.body, 'mac/1') as KeyEntry)
      const text = formatKeyring({ ...body, revision: state.body.revision + 1 }, macKey)
      if (destroys) {
        // The previous copy would still hold what is to be destroyed: it becomes equal to the new one, and both old files are overwritten.
        await replaceFileDurably(file, text, { wipe: true })
        await replaceFileDurably(`${file}.previous`, text, { wipe: true })
      } else {
        await replaceFileDurably(`${file}.previous`, state.text)
        await replaceFileDurably(file, text)
      }
      await reload()
      return value
    })

  const add = (family: 'epoch' | 'index') =>
    write(async (body) => {
      const number = nextOf(body, family)
      const entry = await mintEntry(body.id, `${family}/${number}`, provider, body.recovery.recipient).catch((cause: unknown) => {
        throw cause instanceof AppError && cause.code === 'input_invalid'
          ? cause
          : new AppError('key_unavailable', { provider: provider.kind }, { cause })
      })
      return { body: { ...body, keys: [...body.keys, entry] }, value: number }
    })

  const destroy = (family: 'epoch' | 'index', number: number, inUse: (body: KeyringBody) => boolean) =>
    write(async (body) => {
      const entry = entryOf(body, `${family}/${number}`)
      if (!entry || inUse(body)) throw new AppError('input_invalid', { field: family, problem: entry ? 'in_use' : 'unknown', number })
      if (entry.destroyedAt !== null) return { body, value: undefined, destroys: true }
      const gone = { ...entry, destroyedAt: new Date().toISOString(), provider: null, recovery: null }
      return { body: { ...body, keys: body.keys.map((key) => (key === entry ? gone : key)) }, value: undefined, destroys: true }
    })

  return {
    file,
    get id() {
      return state.body.id
    },
    get providerKind() {
      return provider.kind
    },
    get recoveryRecipient() {
      return state.body.recovery.recipient
    },
    get kitProvenAt() {
      return state.body.recovery.provenAt
    },

    currentEpoch: () => livesOf(state.body, 'epoch').at(-1) as number,
    epochs: () =>
      state.body.keys
        .filter((key) => key.name.startsWith('epoch/'))
        .map(({ name, createdAt, destroyedAt }) => ({ epoch: numberOf(name), createdAt, destroyedAt }))
        .sort((a, b) => a.epoch - b.epoch),
    currentIndexGeneration: () => livesOf(state.body, 'index')[0] as number,
    indexGenerations: () => livesOf(state.body, 'index'),

    async key(name) {
      if (!entryOf(state.body, name)) await reload()
      const entry = entryOf(state.body, name)
      if (!entry) throw new AppError('key_unavailable', { name, provider: provider.kind, problem: 'unknown' })
      return unwrap(entry)
    },

    addEpoch: () => add('epoch'),
    destroyEpoch: (epoch) => destroy('epoch', epoch, (body) => livesOf(body, 'epoch').at(-1) === epoch),
    addIndexGeneration: () => add('index'),
    retireIndexGeneration: (generation) => destroy('index', generation, (body) => livesOf(body, 'index').join() === String(generation)),
    markKitProven: () =>
      write(async (body) => ({ body: { ...body, recovery: { ...body.recovery, provenAt: new Date().toISOString() } }, value: undefined })),

    reload,
    async reloadIfChanged() {
      const seen = statSync(file, { throwIfNoEntry: false })
      if (!seen || `${seen.ino}/${seen.mtimeMs}` !== state.stamp) await reload()
    },
    lock: () => {
      for (const name of cache.keys()) forget(name)
    },
  }
}

async function rewrapAll(
  file: string,
  open: (body: KeyringBody, entry: KeyEntry) => Promise<KeyObject>,
  provider: RootProvider,
): Promise<Keyring> {
  await withFileLock(`${file}.lock`, async () => {
    const read = await readKeyringFile(file)
    const { body } = read
    const macKey = await open(body, entryOf(body, 'mac/1') as KeyEntry)
    verifyMac(file, read, macKey)
    const keys: KeyEntry[] = []
    for (const entry of body.keys) {
      const alive = entry.destroyedAt === null
      const next = alive ? await rewrapEntry(body.id, entry, await open(body, entry), provider, body.recovery.recipient) : entry
      // Looked at before the old wraps go: a provider that cannot read its own wrap must not cost the keyring.
      if (alive) await openByProvider(body.id, next, provider)
      keys.push(next)
    }
    const next: KeyringBody = { ...body, revision: body.revision + 1, provider: { kind: provider.kind, header: provider.header }, keys }
    const text = formatKeyring(next, macKey)
    await removeTemporaries(file)
    // No copy under the old provider stays behind: its passphrase or key file may be known to somebody by now.
    await replaceFileDurably(file, text, { wipe: true })
    await replaceFileDurably(`${file}.previous`, text, { wipe: true })
  })
  return openKeyring(file, provider)
}

/**
 * Puts every key under a new provider, opening them with the recovery kit's identity (combineShares): for a lost key file or passphrase.
 * Throws AppError('keyring_invalid', problem 'other_kit') if the identity is not this keyring's.
 */
export async function recoverKeyring(file: string, recoveryIdentity: string, newProvider: RootProvider): Promise<Keyring> {
  const recipient = await identityToRecipient(recoveryIdentity).catch(() => '')
  return rewrapAll(
    file,
    (body, entry) => {
      if (body.recovery.recipient !== recipient) throw keyringProblem(file, 'other_kit')
      return openByKit(body.id, entry, recoveryIdentity)
    },
    newProvider,
  )
}

/** Puts every key under a new provider while the old one still works: a new passphrase, or a move from key file to passphrase. */
export async function changeKeyringProvider(file: string, provider: RootProvider, newProvider: RootProvider): Promise<Keyring> {
  return rewrapAll(
    file,
    (body, entry) => {
      requireSameProvider(file, body, provider)
      return openByProvider(body.id, entry, provider)
    },
    newProvider,
  )
}
