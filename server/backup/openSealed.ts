import { pipeline, Readable } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import { AppError } from '../../domain/errors.ts'
import { openByKitIdentity } from '../crypto/sealToKit.ts'
import { type Part, readDump } from './readDump.ts'

/**
 * Yields the parts of a sealed file. Throws `envelope_invalid` when the kit does not open it or a byte is not as it was, `backup_invalid` (content) when
 * it holds something else. Nothing is whole before the last part.
 */
export async function* openSealed(identity: string, sealed: Readable, kind: 'data' | 'keys'): AsyncGenerator<Part> {
  const plain = createZstdDecompress()
  let broke: unknown
  pipeline(Readable.from(openByKitIdentity(identity, sealed), { objectMode: false }), plain, (error) => (broke = error))
  try {
    yield* readDump(plain, kind)
  } catch (error) {
    const cause = broke instanceof AppError ? broke : error
    throw cause instanceof AppError ? cause : new AppError('envelope_invalid', {}, { cause })
  } finally {
    plain.destroy()
    sealed.destroy()
  }
}
