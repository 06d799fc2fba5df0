// The parser child: runs alone under `node --permission`, takes a foreign file on standard input and prints frames, one JSON value per
// line.
import { once } from 'node:events'
import type { Format, ParseEvent, ParseFailure, ParseJob, ParseOptions } from '../events.ts'
import { detectFormat } from './detectFormat.ts'
import { FileFailure } from './fileFailure.ts'

type Emit = (event: ParseEvent) => Promise<void>
type Reader = (bytes: AsyncIterable<Uint8Array>, options: ParseOptions, emit: Emit) => Promise<void>

// Only the reader that is needed is loaded: start-up is most of the time of a small file.
const readers: Record<Format, () => Promise<Reader>> = {
  csv: async () => (await import('./readCsv.ts')).readCsv,
  vcard: async () => (await import('./readVcards.ts')).readVcards,
  xlsx: async () => (await import('./xlsx/readXlsx.ts')).readXlsx,
}

const job = JSON.parse(process.argv[2] ?? '') as ParseJob

async function print(frame: ParseEvent | ParseFailure): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(frame)}\n`)) await once(process.stdout, 'drain')
}

/** Takes bytes enough to know a format by, and gives the whole back as a stream. */
async function peek(source: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; bytes: AsyncGenerator<Uint8Array> }> {
  const parts: Uint8Array[] = []
  let held = 0
  while (held < 256) {
    const next = await source.next()
    if (next.done) break
    parts.push(next.value)
    held += next.value.length
  }
  const bytes = (async function* () {
    yield* parts.splice(0)
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  })()
  return { head: Buffer.concat(parts).subarray(0, 4_096), bytes }
}

try {
  if (job.kind === 'auto') {
    const { head, bytes } = await peek(process.stdin[Symbol.asyncIterator]())
    const format = detectFormat(head)
    await print({ type: 'format', format })
    await (
      await readers[format]()
    )(bytes, job.options, print)
  } else await (await readers[job.kind]())(process.stdin, job.options, print)
} catch (error) {
  if (!(error instanceof FileFailure)) throw error
  await print(error.failure)
}
// The rest of the input, if any, is of no interest: the parent sees the last frame and stops writing.
process.stdin.destroy()
