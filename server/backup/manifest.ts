import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { textMac } from '../crypto/mac.ts'

/** Names of the files in a backup's folder. */
export const manifestFile = 'manifest.json'
export const dataFile = 'data.age'
export const keysFile = 'keys.age'

/** Version of the format that this code writes, and the newest it reads. */
export const backupFormat = 1

/** A sealed file as it lies on disk. `sha256` is in hex. */
export type SealedFile = { readonly name: string; readonly bytes: number; readonly sha256: string }

/**
 * What lies open beside the sealed files (docs/decisions/0007): numbers and hashes, nobody's data. The kit's id names the kit that opens it; its recipient
 * is not told, since whoever knew it could seal a backup of his own making to it.
 */
export type ManifestBody = {
  readonly format: string
  readonly product: string
  readonly migration: number
  readonly schema: string
  /** When the snapshot was taken, ISO 8601. */
  readonly createdAt: string
  /** The keyring's id: which installation this is of. */
  readonly installation: string
  readonly kit: string
  readonly postgres: number
  readonly files: readonly SealedFile[]
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>
  /** Entries in the audit order. */
  readonly audit: number
}
export type Manifest = ManifestBody & { readonly mac: string }

const macOf = (body: ManifestBody, macKey: KeyObject): string => textMac(macKey, 'backup-manifest', JSON.stringify(body)).toString('base64')

/** Returns the manifest under its MAC, whose key is in the keyring: who cannot open the key copy cannot write one. */
export const sealManifest = (body: ManifestBody, macKey: KeyObject): Manifest => ({ ...body, mac: macOf(body, macKey) })

/** Returns the text of manifest.json. */
export const formatManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`

/** Whether the manifest is as the installation wrote it. */
export const isGenuine = ({ mac, ...body }: Manifest, macKey: KeyObject): boolean => {
  const [given, right] = [Buffer.from(mac, 'base64'), Buffer.from(macOf(body, macKey), 'base64')]
  return given.length === right.length && timingSafeEqual(given, right)
}

/** Returns AppError('backup_invalid', { problem, path }). */
export const backupProblem = (problem: string, path: string, more: Record<string, string | number> = {}, cause?: unknown): AppError =>
  new AppError('backup_invalid', { problem, path, ...more }, { cause })

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isFile = (value: unknown): value is SealedFile => {
  const { name, bytes, sha256 } = (value ?? {}) as Record<string, unknown>
  return isText(name) && /^[a-z]+\.age$/.test(name) && isCount(bytes) && isText(sha256) && /^[0-9a-f]{64}$/.test(sha256)
}

const isManifest = (value: Record<string, unknown>): boolean =>
  ['product', 'schema', 'createdAt', 'installation', 'kit', 'mac'].every((name) => isText(value[name])) &&
  !Number.isNaN(Date.parse(String(value['createdAt']))) &&
  ['migration', 'postgres', 'audit'].every((name) => isCount(value[name])) &&
  Array.isArray(value['files']) &&
  value['files'].every(isFile) &&
  typeof value['tables'] === 'object' &&
  value['tables'] !== null &&
  Object.values(value['tables']).every(isCount)

/** Returns the manifest that a text is; whether it is genuine is for `isGenuine`. Throws `backup_invalid`: manifest, newer_format. */
export const parseManifest = (text: string, path: string): Manifest => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw backupProblem('manifest', path, {}, error)
  }
  const found = (value ?? {}) as Record<string, unknown>
  const version = /^anechoic-backup\/(\d{1,4})$/.exec(String(found['format']))?.[1]
  if (version === undefined) throw backupProblem('manifest', path)
  if (Number(version) > backupFormat) throw backupProblem('newer_format', path, { found: Number(version), supported: backupFormat })
  if (!isManifest(found)) throw backupProblem('manifest', path)
  return found as Manifest
}

/** Reads the manifest of a backup's folder. Throws `backup_invalid`: no_manifest, unreadable, manifest, newer_format. */
export const readManifest = async (folder: string): Promise<Manifest> => {
  const path = join(folder, manifestFile)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw backupProblem(error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'no_manifest' : 'unreadable', path, {}, error)
  })
  return parseManifest(text, path)
}
