import type { DataKey } from './dataKey.ts'
import type { WrapPlace } from './wrap.ts'

type Entry = { epoch: number; key: DataKey }

/** Unwrapped data keys, at most `max`, the long unused ones dropped first. */
export type DataKeyCache = {
  find(place: WrapPlace): DataKey | undefined
  add(epoch: number, key: DataKey): void
  forget(subject: number): void
  forgetAll(): void
  readonly size: number
}

/**
 * Returns a cache in two halves: what is used moves to the young half; when that is full the old half is dropped whole.
 * Cheaper than an exact least-recently-used order, since a hit in the young half
 * writes nothing. One entry per subject: epoch, version and suite must match.
 */
export function createDataKeyCache(max: number): DataKeyCache {
  let young = new Map<number, Entry>()
  let old = new Map<number, Entry>()
  const half = Math.max(1, Math.floor(max / 2))

  const put = (entry: Entry) => {
    if (young.size >= half && !young.has(entry.key.subject)) {
      old = young
      young = new Map()
    }
    young.set(entry.key.subject, entry)
  }

  return {
    find(place) {
      let entry = young.get(place.subject)
      if (!entry) {
        entry = old.get(place.subject)
        if (!entry) return undefined
        old.delete(place.subject)
        put(entry)
      }
      const { key, epoch } = entry
      return epoch === place.epoch && key.version === place.version && key.suite === place.suite ? key : undefined
    },
    add: (epoch, key) => {
      old.delete(key.subject)
      put({ epoch, key })
    },
    forget(subject) {
      young.delete(subject)
      old.delete(subject)
    },
    forgetAll() {
      young = new Map()
      old = new Map()
    },
    get size() {
      return young.size + old.size
    },
  }
}
