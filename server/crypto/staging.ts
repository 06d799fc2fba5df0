import { createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { Transform } from 'node:stream'
import type { TransformCallback } from 'node:stream'
import { AppError } from '../../domain/errors.ts'
import { NONCE_BYTES, TAG_BYTES, aeadOpen, aeadSeal } from './aead.ts'
import { lengthPrefixed } from './lengthPrefixed.ts'
import { randomNonce } from './nonce.ts'
import { deriveSubkey } from './subkey.ts'

const KEY_BYTES = 32
const SALT_BYTES = 32
const magic = Buffer.from('ANST\x01')
/** Bytes before the first chunk of a sealed stream: format 5 | salt 32. */
export const STREAM_HEADER_BYTES = magic.length + SALT_BYTES
/** Plaintext bytes of a chunk; only the last may be shorter. */
export const STREAM_CHUNK_BYTES = 64 * 1024

const jobData = (jobId: string) => lengthPrefixed(['anechoic/job-key/1', jobId])

/** Makes a random key for one job's files (uploads, refused rows, exports), and its wrap under staging/1, which opens for this job only. */
export function mintJobKey(stagingKey: KeyObject, jobId: string): { jobKey: KeyObject; wrapped: Buffer } {
  const plain = randomBytes(KEY_BYTES)
  const nonce = randomNonce()
  const wrapped = Buffer.concat([nonce, aeadSeal(1, deriveSubkey(stagingKey, 'job-wrap'), nonce, jobData(jobId), plain)])
  const jobKey = createSecretKey(plain)
  plain.fill(0)
  return { jobKey, wrapped }
}

/** Returns the job's key. Throws AppError('envelope_invalid') for another job's or a damaged wrap. */
export function openJobKey(stagingKey: KeyObject, jobId: string, wrapped: Uint8Array): KeyObject {
  if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) throw new AppError('envelope_invalid')
  const nonce = wrapped.subarray(0, NONCE_BYTES)
  const plain = aeadOpen(1, deriveSubkey(stagingKey, 'job-wrap'), nonce, jobData(jobId), wrapped.subarray(NONCE_BYTES))
  const jobKey = createSecretKey(plain)
  plain.fill(0)
  return jobKey
}

/**
 * A Transform from plaintext to a sealed stream. `label` says what the file is
 * ('upload', 'refused'), so that one file of a job does not pass for another.
 * AES-256-GCM-SIV per 64 KiB chunk, index and last flag in nonce and AAD: the
 * STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015).
 */
export function sealStream(jobKey: KeyObject, label = ''): Transform {
  const salt = randomBytes(SALT_BYTES)
  const key = streamKey(jobKey, salt, label)
  const held = holdBytes()
  let index = 0
  const seal = (bytes: number, last: boolean) => {
    const { nonce, aad } = chunkPlace(index++, last)
    return aeadSeal(1, key, nonce, aad, held.take(bytes))
  }
  return chunked({
    begin: () => Buffer.concat([magic, salt]),
    next: (chunk) => {
      held.add(chunk)
      // Only when more follows is a full chunk known not to be the last.
      return held.size() > STREAM_CHUNK_BYTES ? () => (held.size() > STREAM_CHUNK_BYTES ? seal(STREAM_CHUNK_BYTES, false) : null) : null
    },
    end: () => seal(held.size(), true),
  })
}

/**
 * A Transform from a sealed stream to plaintext. Each chunk is checked before it is
 * passed on, but only the *end* of the stream says that nothing was cut off:
 * a reader acts on the whole only after `end`. Fails with AppError('envelope_invalid') on any change, cut, swap, repetition or other label.
 */
export function openStream(jobKey: KeyObject, label = ''): Transform {
  const held = holdBytes()
  let key: KeyObject | undefined
  let index = 0
  const open = (bytes: number, last: boolean) => {
    const { nonce, aad } = chunkPlace(index++, last)
    if (!key) throw new AppError('envelope_invalid')
    return aeadOpen(1, key, nonce, aad, held.take(bytes))
  }
  const full = STREAM_CHUNK_BYTES + TAG_BYTES
  return chunked({
    begin: () => null,
    next: (chunk) => {
      held.add(chunk)
      if (!key && held.size() >= STREAM_HEADER_BYTES) {
        const header = held.take(STREAM_HEADER_BYTES)
        if (!header.subarray(0, magic.length).equals(magic)) throw new AppError('envelope_invalid')
        key = streamKey(jobKey, header.subarray(magic.length), label)
      }
      return key ? () => (held.size() > full ? open(full, false) : null) : null
    },
    end: () => open(held.size(), true),
  })
}

function streamKey(jobKey: KeyObject, salt: Uint8Array, label: string): KeyObject {
  const derived = Buffer.from(hkdfSync('sha256', jobKey, salt, lengthPrefixed(['anechoic/stream/1', label]), KEY_BYTES))
  const key = createSecretKey(derived)
  derived.fill(0)
  return key
}

// The key is the stream's own (random salt), so a counter is a nonce that never repeats.
function chunkPlace(index: number, last: boolean): { nonce: Buffer; aad: Buffer } {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce[0] = last ? 1 : 0
  nonce.writeUIntBE(index, NONCE_BYTES - 6, 6)
  return { nonce, aad: lengthPrefixed(['anechoic/chunk/1', String(index), last ? 'last' : 'more']) }
}

function holdBytes() {
  let parts: Buffer[] = []
  let size = 0
  return {
    size: () => size,
    add(chunk: Buffer) {
      parts.push(chunk)
      size += chunk.length
    },
    take(bytes: number): Buffer {
      const all = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size)
      parts = bytes < size ? [all.subarray(bytes)] : []
      size -= bytes
      return all.subarray(0, bytes)
    },
  }
}

/** Builds the Transform: `next` takes input and returns a function that gives output until it gives null. */
function chunked(steps: { begin(): Buffer | null; next(chunk: Buffer): (() => Buffer | null) | null; end(): Buffer }): Transform {
  let begun = false
  const run = (stream: Transform, done: TransformCallback, act: () => void) => {
    try {
      if (!begun) {
        begun = true
        const first = steps.begin()
        if (first) stream.push(first)
      }
      act()
    } catch (error) {
      return done(error as Error)
    }
    done()
  }
  return new Transform({
    transform(chunk: Buffer | string, encoding, done) {
      run(this, done, () => {
        const give = steps.next(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
        for (let out = give?.() ?? null; out; out = give?.() ?? null) this.push(out)
      })
    },
    flush(done) {
      run(this, done, () => this.push(steps.end()))
    },
  })
}
