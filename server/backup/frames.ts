import { AppError, type ErrorCode, type ErrorDetails } from '../../domain/errors.ts'
import type { Piece } from './piece.ts'

// A frame: kind u8 | length of name u8 | name | length u32 | bytes. The stream ends with `end` or `failed`; anything else was cut.
const kinds = { piece: 1, end: 2, failed: 3 } as const
const mostBytes = 16 * 1024 * 1024

const frame = (kind: number, name: string, bytes: Buffer): Buffer => {
  const head = Buffer.alloc(2 + Buffer.byteLength(name) + 4)
  head[0] = kind
  head[1] = head.write(name, 2)
  head.writeUInt32BE(bytes.length, head.length - 4)
  return Buffer.concat([head, bytes])
}

/** Yields pieces as the local socket carries them. A failure travels too, with its code, so that the other side can say why. */
export async function* toFrames(pieces: AsyncIterable<Piece>, onFailed: (error: unknown) => void): AsyncGenerator<Buffer> {
  try {
    for await (const { file, bytes } of pieces) yield frame(kinds.piece, file, bytes)
    yield frame(kinds.end, '', Buffer.alloc(0))
  } catch (error) {
    onFailed(error)
    const told = error instanceof AppError ? { code: error.code, details: error.details } : { code: 'internal', details: {} }
    yield frame(kinds.failed, '', Buffer.from(JSON.stringify(told)))
  }
}

/** Yields the pieces again. Throws the failure that travelled, or `backup_failed` (cut) when the stream ends before its end. */
export async function* fromFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let held = Buffer.alloc(0)
  for await (const chunk of stream) {
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk])
    for (;;) {
      const nameLength = held[1]
      if (nameLength === undefined || held.length < 6 + nameLength) break
      const start = 6 + nameLength
      const length = held.readUInt32BE(start - 4)
      if (length > mostBytes) throw new AppError('internal', { problem: 'frame' })
      if (held.length < start + length) break
      const name = held.toString('utf8', 2, 2 + nameLength)
      const bytes = held.subarray(start, start + length)
      const kind = held[0]
      held = held.subarray(start + length)
      if (kind === kinds.end) return
      if (kind === kinds.failed) {
        const { code, details } = JSON.parse(bytes.toString('utf8')) as { code: ErrorCode; details: ErrorDetails }
        throw new AppError(code, details)
      }
      yield { file: name, bytes }
    }
  }
  throw new AppError('backup_failed', { problem: 'cut' })
}
