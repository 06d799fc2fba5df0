import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { AppError } from '../../domain/errors.ts'
import type { ProviderHeader } from './providers/rootProvider.ts'
import { deriveSubkey } from './subkey.ts'

/** One named key under its two wraps (base64 of the provider's bytes; an armored age file). Both are null once it is destroyed. */
export type KeyEntry = { name: string; createdAt: string; destroyedAt: string | null; provider: string | null; recovery: string | null }

/** What keyring.json says. `revision` grows by one with each write. */
export type KeyringBody = {
  format: 'anechoic-keyring/1'
  id: string
  revision: number
  provider: { kind: string; header: ProviderHeader }
  recovery: { recipient: string; provenAt: string | null }
  keys: KeyEntry[]
}
type Sealed = KeyringBody & { mac: string }

/** A read keyring: its body, its text (for the previous copy), its MAC, and a stamp that changes when the file is replaced. */
export type ReadKeyring = { body: KeyringBody; text: string; mac: string; stamp: string }

/** Why a keyring was refused. */
export type KeyringProblem =
  | 'missing'
  | 'exists'
  | 'unreadable'
  | 'truncated'
  | 'checksum'
  | 'newer_format'
  | 'content'
  | 'mac'
  | 'older'
  | 'other_provider'
  | 'other_kit'
  | 'other_keyring'

const restore =
  'put back the newest key copy (or keyring.json.previous, if no key was added since); a new keyring would not open existing records'
const advice: Record<KeyringProblem, string> = {
  missing: restore,
  exists: 'this data folder has a keyring already: use it, or choose an empty data folder',
  unreadable: 'make the file readable and writable for the account that runs the server',
  truncated: restore,
  checksum: restore,
  newer_format: 'this keyring was written by a newer version: start that version',
  content: restore,
  mac: `someone changed the keyring without its keys; ${restore}`,
  older: `an older keyring was put in place while the server ran; restart, and if records stay closed, ${restore}`,
  other_provider: 'this keyring belongs to another key file or key provider: give that one, or recover with the recovery kit',
  other_kit: 'these shares belong to another recovery kit',
  other_keyring: 'another keyring was put in place while the server ran: restart',
}

/** Returns AppError('keyring_invalid', { file, problem, advice }). */
export function keyringProblem(file: string, problem: KeyringProblem, cause?: unknown): AppError {
  return new AppError('keyring_invalid', { file, problem, advice: advice[problem] }, { cause })
}

const checksumOf = (sealed: Sealed) => hash('sha256', `anechoic-keyring-checksum/1\n${JSON.stringify(sealed)}`)

/**
 * Returns the MAC (base64) over a keyring, under the keyring's own mac/1:
 * without the provider nobody can swap the recovery recipient or an entry.
 */
export function macOf(body: KeyringBody, macKey: KeyObject): string {
  return createHmac('sha256', deriveSubkey(macKey, 'keyring')).update(JSON.stringify(body)).digest('base64')
}

/** Throws AppError('keyring_invalid', problem 'mac') unless the keyring was written by a holder of its mac/1. */
export function verifyMac(file: string, read: Pick<ReadKeyring, 'body' | 'mac'>, macKey: KeyObject): void {
  const [given, right] = [Buffer.from(read.mac, 'base64'), Buffer.from(macOf(read.body, macKey), 'base64')]
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw keyringProblem(file, 'mac')
}

/** Returns the text of keyring.json: JSON with a MAC (against people) and a checksum (against disks). */
export function formatKeyring(body: KeyringBody, macKey: KeyObject): string {
  const sealed: Sealed = { ...body, mac: macOf(body, macKey) }
  return `${JSON.stringify({ ...sealed, checksum: checksumOf(sealed) }, null, 1)}\n`
}

/**
 * Reads and checks keyring.json, without any key: a cut or changed byte is found. Whether its MAC holds is for verifyMac.
 * Throws AppError('keyring_invalid', { file, problem, advice }).
 */
export async function readKeyringFile(file: string): Promise<ReadKeyring> {
  for (let attempt = 1; ; attempt++) {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      throw keyringProblem(file, error.code === 'ENOENT' ? 'missing' : 'unreadable', error)
    })
    try {
      const text = await handle.readFile('utf8')
      const { ino, mtimeMs } = await handle.stat()
      try {
        return { ...parseKeyring(file, text), text, stamp: `${ino}/${mtimeMs}` }
      } catch (error) {
        // Destroying an epoch overwrites the replaced file: whoever has just opened that one looks again.
        if (attempt === 5 || (await stat(file)).ino === ino) throw error
      }
    } finally {
      await handle.close()
    }
  }
}

/** Returns what the text of a keyring says, as `readKeyringFile` does; `file` is for the error. Throws AppError('keyring_invalid'). */
export function parseKeyring(file: string, text: string): { body: KeyringBody; mac: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw keyringProblem(file, 'truncated', cause)
  }
  const format = (value as { format?: unknown } | null)?.format
  if (typeof format === 'string' && /^anechoic-keyring\/\d+$/.test(format) && format !== 'anechoic-keyring/1')
    throw keyringProblem(file, 'newer_format')
  if (!isRecord(value, ['format', 'id', 'revision', 'provider', 'recovery', 'keys', 'mac', 'checksum']))
    throw keyringProblem(file, 'content')
  const { checksum, ...sealed } = value
  if (checksum !== checksumOf(sealed as Sealed)) throw keyringProblem(file, 'checksum')
  const { mac, ...body } = sealed
  if (typeof mac !== 'string' || !isBody(body)) throw keyringProblem(file, 'content')
  return { body, mac }
}

function isRecord(value: unknown, fields: string[]): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === fields.join()
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0
const isDate = (value: unknown) => isText(value) && !Number.isNaN(Date.parse(value))

function isEntry(value: unknown): value is KeyEntry {
  if (!isRecord(value, ['name', 'createdAt', 'destroyedAt', 'provider', 'recovery'])) return false
  const { name, createdAt, destroyedAt, provider, recovery } = value
  const alive = destroyedAt === null && isText(provider) && isText(recovery)
  const destroyed = isDate(destroyedAt) && provider === null && recovery === null
  return isText(name) && /^(epoch|index|mac|staging)\/[1-9]\d{0,8}$/.test(name) && isDate(createdAt) && (alive || destroyed)
}

function isBody(value: Record<string, unknown>): value is KeyringBody {
  const { format, id, revision, provider, recovery, keys } = value
  if (format !== 'anechoic-keyring/1' || !isText(id) || !Number.isSafeInteger(revision) || Number(revision) < 1) return false
  if (!isRecord(provider, ['kind', 'header']) || !isText(provider.kind)) return false
  if (typeof provider.header !== 'object' || provider.header === null) return false
  if (!Object.values(provider.header).every((part) => typeof part === 'string' || typeof part === 'number')) return false
  if (!isRecord(recovery, ['recipient', 'provenAt']) || !isText(recovery.recipient)) return false
  if (recovery.provenAt !== null && !isDate(recovery.provenAt)) return false
  if (!Array.isArray(keys) || !keys.every(isEntry) || new Set(keys.map((key) => key.name)).size !== keys.length) return false
  const lives = (family: string) => keys.some((key) => key.destroyedAt === null && key.name.startsWith(family))
  return lives('epoch/') && lives('index/') && lives('mac/1') && lives('staging/1')
}
