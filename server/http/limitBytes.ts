import type { IncomingMessage } from 'node:http'
import { AppError } from '../../domain/errors.ts'

/** Milliseconds that a body which is no upload may take: 2 MB over the slowest line. */
const slowestMs = 120_000

/** Ends a request whose body does not come to its end in time, so that nobody holds connections by sending a byte now and then. */
export const boundBodyTime = (request: IncomingMessage): void => {
  const timer = setTimeout(() => request.destroy(), slowestMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
  request.once('end', () => clearTimeout(timer))
}

/** Refuses a body that says it is larger than `limit` bytes, before any of it is read. Throws `input_too_large`. */
export const checkLength = (length: string | undefined, limit: number): void => {
  if (length !== undefined && Number(length) > limit) throw new AppError('input_too_large', { limit })
}

/** Yields the bytes of a request as they come. Throws `input_too_large` with the first byte beyond `limit`, `input_invalid` when the sender goes away. */
export async function* limitBytes(request: AsyncIterable<unknown>, limit: number): AsyncGenerator<Uint8Array> {
  let seen = 0
  const source = request[Symbol.asyncIterator]()
  for (;;) {
    const next = await source.next().catch((cause: unknown) => {
      throw new AppError('input_invalid', { problem: 'aborted' }, { cause })
    })
    if (next.done) return
    const chunk = next.value as Uint8Array
    seen += chunk.length
    if (seen > limit) throw new AppError('input_too_large', { limit })
    yield chunk
  }
}
