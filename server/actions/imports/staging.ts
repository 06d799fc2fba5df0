import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../domain/errors.ts'
import type { Keyring } from '../../crypto/keyring.ts'
import { mintJobKey, openJobKey, openStream, sealStream } from '../../crypto/staging.ts'

/** Hours after which staged data is gone (DESIGN 4). */
export const stagedHours = 24

/** What a job's file is: one does not pass for the other. */
export type StagedLabel = 'upload' | 'export'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Files of jobs on disk: sealed under a key of the job's own, which is wrapped in the job's row. File without row, or row without file, opens nothing. */
export const openStaging = (options: { folder: string; keyring: Keyring }) => {
  const { folder, keyring } = options
  const fileOf = (jobId: string): string => {
    if (!uuid.test(jobId)) throw new AppError('not_found')
    return join(folder, `${jobId}.sealed`)
  }

  /** Seals bytes to the job's file as they come and returns the wrapped key (base64) for its row. Throws `disk_full`, and what `bytes` throws. */
  const put = async (jobId: string, bytes: AsyncIterable<Uint8Array>, label: StagedLabel = 'upload'): Promise<string> => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const { jobKey, wrapped } = mintJobKey(await keyring.key('staging/1'), jobId)
    const file = createWriteStream(fileOf(jobId), { mode: 0o600, flags: 'wx', flush: true })
    try {
      await pipeline(bytes, sealStream(jobKey, label), file)
    } catch (error) {
      await rm(fileOf(jobId), { force: true })
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? new AppError('disk_full', {}, { cause: error }) : error
    }
    return wrapped.toString('base64')
  }

  /** Returns the file's bytes as a stream that fails on any change to the file. Throws `staging_expired` when it is gone. */
  const read = async (jobId: string, wrapped: unknown, label: StagedLabel = 'upload'): Promise<Readable> => {
    const path = fileOf(jobId)
    const there = await stat(path).catch(() => null)
    if (!there || typeof wrapped !== 'string') throw new AppError('staging_expired')
    const jobKey = openJobKey(await keyring.key('staging/1'), jobId, Buffer.from(wrapped, 'base64'))
    const out = new PassThrough()
    pipeline(createReadStream(path), openStream(jobKey, label), out).catch(() => {}) // the reader gets the error through `out`
    return out
  }

  const remove = async (jobId: string): Promise<void> => rm(fileOf(jobId), { force: true })

  /** Removes files older than `stagedHours`, whatever the table says of them; returns how many. */
  const purge = async (now = Date.now()): Promise<number> => {
    let removed = 0
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name)
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }))
      if (now - mtimeMs < stagedHours * 3_600_000) continue
      await rm(path, { force: true })
      removed += 1
    }
    return removed
  }

  return { put, read, remove, purge }
}

export type Staging = ReturnType<typeof openStaging>
