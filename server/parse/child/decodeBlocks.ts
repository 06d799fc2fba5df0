import { isAscii } from 'node:buffer'
import type { FileProblem } from '../../../domain/import/problems.ts'
import type { Encoding } from '../events.ts'
import { parseLimits } from '../limits.ts'
import { cutBlocks } from './cutBlocks.ts'
import { detectEncoding } from './detectEncoding.ts'
import { FileFailure } from './fileFailure.ts'

/**
 * A stretch of whole lines with \n as the only line end. `encoding` is what is known so far: a file that begins in ASCII may still turn
 * out as GB18030.
 */
export type TextBlock = { text: string; encoding: Encoding }

/**
 * Yields the file as text, decoded strictly and never held whole. Throws FileFailure: `empty`, `is_excel` and the like for files that are
 * no text, `file_encoding` with the first line that does not decode, `row_too_long` for a line without end.
 */
export async function* decodeBlocks(bytes: AsyncIterable<Uint8Array>, forced: Encoding | undefined): AsyncGenerator<TextBlock> {
  const source = bytes[Symbol.asyncIterator]()
  const sample = await takeSample(source)
  if (sample.length === 0) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'empty', line: 1 })
  refuseBinary(sample)
  let encoding = forced ?? (await detectEncoding(sample))
  let decided = forced !== undefined || encoding !== 'utf-8' || !isAscii(sample)
  let line = 1
  const shape = () => ({ width: encoding?.startsWith('utf-16') ? 2 : 1, low: encoding === 'utf-16be' ? 1 : 0 }) as const
  for await (const block of cutBlocks(resume(sample, source), parseLimits.sample, shape)) {
    if (!decided && !isAscii(block)) {
      encoding = await detectEncoding(block)
      decided = true
    }
    if (encoding === null) throw encodingFailure(null, line)
    if (block.length > parseLimits.row && !block.includes(0x0a) && !block.includes(0x0d))
      throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'row_too_long', line })
    const text = decodeBlock(block, encoding, line).replace(/\r\n?/g, '\n')
    line += countLines(text)
    yield { text, encoding }
  }
}

/** Returns how many line ends `text` has. */
export function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at > -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function decodeBlock(block: Buffer, encoding: Encoding, line: number): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(block)
  } catch {
    throw encodingFailure(encoding, encoding.startsWith('utf-16') ? line : line + linesBeforeFault(block, encoding))
  }
}

function linesBeforeFault(block: Buffer, encoding: Encoding): number {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const crOnly = !block.includes(0x0a)
  let lines = 0
  for (let from = 0; from < block.length; lines++) {
    const at = block.indexOf(crOnly ? 0x0d : 0x0a, from)
    const to = at === -1 ? block.length : at + 1
    try {
      decoder.decode(block.subarray(from, to))
    } catch {
      return lines
    }
    from = to
  }
  return lines
}

function encodingFailure(encoding: Encoding | null, line: number): FileFailure {
  return new FileFailure({ type: 'failed', code: 'file_encoding', encoding, line })
}

/** First bytes of formats that people upload in place of text (PKWARE APPNOTE 4.3.7, MS-CFB 2.2, ISO 32000-1 7.5.2). */
function refuseBinary(sample: Buffer): void {
  const head = sample.toString('latin1', 0, 4)
  const reason: FileProblem | undefined = head.startsWith('PK\x03\x04')
    ? sample.includes('xl/') || sample.includes('[Content_Types].xml')
      ? 'is_excel'
      : 'is_zip'
    : head === '\xd0\xcf\x11\xe0'
      ? 'is_old_excel'
      : head === '%PDF'
        ? 'is_pdf'
        : undefined
  if (reason) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason, line: 1 })
}

async function takeSample(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let held = 0
  while (held < parseLimits.sample) {
    const next = await source.next()
    if (next.done) break
    parts.push(next.value)
    held += next.value.length
  }
  return Buffer.concat(parts, held)
}

async function* resume(sample: Buffer, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield sample
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
}
