import type { ForeignCard } from '../../../domain/import/card.ts'
import type { ParseEvent, ParseOptions } from '../events.ts'
import { parseLimits } from '../limits.ts'
import { cardFromLines } from './cardFromLines.ts'
import { decodeBlocks } from './decodeBlocks.ts'
import { FileFailure } from './fileFailure.ts'
import { readProperties } from './readProperties.ts'
import { toContentLine } from './toContentLine.ts'

type OpenCard = { line: number; version: string; lines: string[]; size: number; tooLong: boolean; nested: number; agent: boolean }

/**
 * Reads an address book of vCards 2.1, 3.0 and 4.0, mixed if need be, and hands each event to `emit`. Throws FileFailure for a file
 * without any card.
 */
export async function readVcards(
  bytes: AsyncIterable<Uint8Array>,
  options: ParseOptions,
  emit: (event: ParseEvent) => Promise<void>,
): Promise<void> {
  const limit = options.limitRows ?? Infinity
  let open: OpenCard | null = null
  let waiting: { line: number; card: ForeignCard }[] = []
  let size = 0
  let passed = 0
  let seen = 0
  const flush = async () => {
    if (waiting.length > 0) await emit({ type: 'cards', cards: waiting })
    waiting = []
    size = 0
  }
  const refuse = async (line: number, problem: 'card_unclosed' | 'card_too_long' | 'card_unreadable') => {
    await flush()
    await emit({ type: 'refused', line, problem })
  }
  for await (const property of readProperties(await toBytes(bytes, options), parseLimits.row)) {
    const mark: string =
      property.name === 'BEGIN' || property.name === 'END' ? `${property.name}:${property.value.trim().toUpperCase()}` : ''
    if (mark === 'BEGIN:VCARD') {
      if (open?.agent) {
        open.nested++
        continue
      }
      seen++
      if (open) await refuse(open.line, 'card_unclosed')
      open = { line: property.line, version: '3.0', lines: [], size: 0, tooLong: false, nested: 0, agent: false }
    } else if (!open) {
      continue
    } else if (mark === 'END:VCARD' && open.nested > 0) {
      open.nested--
      open.agent = false
    } else if (mark === 'END:VCARD') {
      const card: ForeignCard | null = open.tooLong ? null : cardFromLines(open.lines, open.version)
      if (card === null) await refuse(open.line, open.tooLong ? 'card_too_long' : 'card_unreadable')
      else {
        waiting.push({ line: open.line, card })
        size += open.size
        passed++
      }
      open = null
      if (passed >= limit) {
        await flush()
        return await emit({ type: 'end', rows: passed, complete: false })
      }
      if (waiting.length >= parseLimits.batchRows || size > parseLimits.batchText) await flush()
    } else if (open.nested > 0 || mark !== '') {
      continue
    } else if (property.name === 'AGENT') {
      // vCard 2.1 puts a whole card inside a card here.
      open.agent = property.value.trim() === ''
    } else if (property.name === 'VERSION') {
      open.version = /^(?:2\.1|3\.0|4\.0)$/.exec(property.value.trim())?.[0] ?? '3.0'
    } else {
      open.size += property.value.length
      open.tooLong ||= property.cut || open.size > parseLimits.row
      // Kept raw until END would hold the file's escapes; written now, as VERSION comes first (RFC 6350, 6.7.9).
      if (!open.tooLong) open.lines.push(toContentLine(property, open.version))
      else open.lines = []
    }
  }
  if (open) await refuse(open.line, 'card_unclosed')
  await flush()
  if (seen === 0) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'not_vcard', line: 1 })
  await emit({ type: 'end', rows: passed, complete: true })
}

/** Returns the file as bytes whose line structure is ASCII: a UTF-16 file is turned into UTF-8, all others pass as they are. */
async function toBytes(bytes: AsyncIterable<Uint8Array>, options: ParseOptions): Promise<AsyncIterable<Uint8Array>> {
  const source = bytes[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'empty', line: 1 })
  const rest = (async function* () {
    yield first.value
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  })()
  const [a, b] = first.value
  const wide = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || a === 0 || b === 0 || options.encoding?.startsWith('utf-16')
  if (!wide) return rest
  return (async function* () {
    for await (const { text } of decodeBlocks(rest, options.encoding)) yield Buffer.from(text)
  })()
}
