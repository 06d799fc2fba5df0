import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'
import { AppError } from '../../domain/errors.ts'

// The library speaks the browser's streams; Node's are the same under another type.
const toWeb = (bytes: Readable): globalThis.ReadableStream<Uint8Array> =>
  Readable.toWeb(bytes) as unknown as globalThis.ReadableStream<Uint8Array>
const chunksOf = async function* (stream: globalThis.ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of stream as unknown as ReadableStream<Uint8Array>) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
}

/**
 * Yields `plain` as an age file (age-encryption.org/v1, X25519, 64 KiB chunks) that only the recovery kit opens: `recipient` is its public half.
 * Throws what reading `plain` throws.
 */
export async function* sealToKit(recipient: string, plain: Readable): AsyncGenerator<Buffer> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  yield* chunksOf(await encrypter.encrypt(toWeb(plain)))
}

/**
 * Yields what an age file holds, for the kit's identity (`combineShares`). Each chunk is checked before it comes; that nothing was cut off is known at
 * the end only. Throws AppError('envelope_invalid') for another kit's file and for any changed or missing byte.
 */
export async function* openByKitIdentity(identity: string, sealed: Readable): AsyncGenerator<Buffer> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  try {
    yield* chunksOf(await decrypter.decrypt(toWeb(sealed)))
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('envelope_invalid', {}, { cause })
  }
}
