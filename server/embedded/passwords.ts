import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunAs } from './runAs.ts'

/** A password kept in a file of mode 0600 in the data folder, `fresh` when it was made just now. */
export type KeptPassword = { value: string; fresh: boolean }

/** Reads the password called `name`, or makes one of 192 random bits when there is none. */
export function keepPassword(dataDir: string, name: string, owner: RunAs = {}): KeptPassword {
  const folder = join(dataDir, 'secrets')
  const file = join(folder, `${name}.password`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (existsSync(file)) {
    const value = readFileSync(file, 'utf8').trim()
    if (/^[\w-]{32}$/.test(value)) return { value, fresh: false } // a torn write (power cut) is replaced, not used
  }
  const value = randomBytes(24).toString('base64url')
  writeFileSync(file, `${value}\n`, { mode: 0o600, flush: true })
  if (owner.uid !== undefined) for (const path of [folder, file]) chownSync(path, owner.uid, owner.gid ?? owner.uid)
  return { value, fresh: true }
}
