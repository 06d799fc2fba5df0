import { createSecretKey, hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

const cache = new WeakMap<KeyObject, Map<string, KeyObject>>()
const noSalt = Buffer.alloc(0)

/**
 * Returns the key of `bytes` length (default 32) that HKDF (RFC 5869; `hash` default sha256) derives from `key` for `purpose`.
 * One stored key is thereby never used for two things. Remembered as long as
 * `key` itself lives, so forgetting the key forgets its children.
 */
export function deriveSubkey(key: KeyObject, purpose: string, bytes = 32, hash: 'sha256' | 'sm3' = 'sha256'): KeyObject {
  let children = cache.get(key)
  if (!children) cache.set(key, (children = new Map()))
  const name = `${hash}/${bytes}/${purpose}`
  let child = children.get(name)
  if (!child) {
    const derived = Buffer.from(hkdfSync(hash, key, noSalt, `anechoic/1/${purpose}`, bytes))
    child = createSecretKey(derived)
    derived.fill(0)
    children.set(name, child)
  }
  return child
}
