import { request } from './request.ts'

/** Drafts that somebody typed and did not save: they lie in this browser, sealed under a key that the server gives to an unlocked session only. */
const databaseName = 'anechoic-drafts'
const storeName = 'drafts'
/** Days after which a draft that nobody took up again is forgotten. */
const keptDays = 7

type Sealed = { iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer; at: number }

const open = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(databaseName, 1)
    asked.addEventListener('upgradeneeded', () => asked.result.createObjectStore(storeName))
    asked.addEventListener('success', () => resolve(asked.result))
    asked.addEventListener('error', () => reject(asked.error ?? new Error('indexedDB')))
  })

const run = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
  const database = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const asked = act(database.transaction(storeName, mode).objectStore(storeName))
      asked.addEventListener('success', () => resolve(asked.result))
      asked.addEventListener('error', () => reject(asked.error ?? new Error('indexedDB')))
    })
  } finally {
    database.close()
  }
}

let held: { staffId: string; key: Promise<CryptoKey | null> } | null = null

const fetchKey = async (): Promise<CryptoKey | null> => {
  const { key } = await request<{ key: string | null }>('GET', '/api/me/draft-key', { quiet: true })
  if (key === null) return null
  const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0))
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

// A key that cannot be had keeps no drafts: nothing is ever written in the clear.
const keyOf = (staffId: string): Promise<CryptoKey | null> => {
  if (held?.staffId !== staffId) {
    const key = fetchKey().catch(() => {
      held = null
      return null
    })
    held = { staffId, key }
  }
  return held.key
}

const nameOf = (staffId: string, place: string): string => `${staffId}/${place}`
const bound = (name: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(name)

/** Returns what this person left unsaved at this place, or null. A draft that does not open (its key was destroyed) is forgotten. */
export const readDraft = async <T>(staffId: string, place: string): Promise<T | null> => {
  const name = nameOf(staffId, place)
  // Had before it is needed: what is typed just before the screen locks is sealed all the same.
  const key = await keyOf(staffId)
  if (!key) return null
  try {
    const found = await run<Sealed | undefined>('readonly', (store) => store.get(name))
    if (!found) return null
    if (found.at < Date.now() - keptDays * 86_400_000) throw new Error('old')
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: found.iv, additionalData: bound(name) }, key, found.sealed)
    return JSON.parse(new TextDecoder().decode(plain)) as T
  } catch {
    await forgetDraft(staffId, place)
    return null
  }
}

/** Keeps what stands unsaved at this place. Returns false while the key cannot be had. */
export const keepDraft = async (staffId: string, place: string, value: unknown): Promise<boolean> => {
  const key = await keyOf(staffId)
  if (!key) return false
  const name = nameOf(staffId, place)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(name) }, key, bound(JSON.stringify(value)))
  await run('readwrite', (store) => store.put({ iv, sealed, at: Date.now() } satisfies Sealed, name)).catch(() => null)
  return true
}

/** Forgets what stood at this place. */
export const forgetDraft = async (staffId: string, place: string): Promise<void> => {
  await run('readwrite', (store) => store.delete(nameOf(staffId, place))).catch(() => null)
}

/** Wipes every draft of everybody in this browser: its device was reported lost. */
export const wipeDrafts = (): Promise<void> =>
  new Promise((resolve) => {
    held = null
    const asked = indexedDB.deleteDatabase(databaseName)
    for (const end of ['success', 'error', 'blocked']) asked.addEventListener(end, () => resolve())
  })
