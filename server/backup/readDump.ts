import { AppError } from '../../domain/errors.ts'
import { isPlainName, type TableColumns } from '../store/copyTable.ts'
import { dumpEnd, dumpLine, keyringMark, rowsEnd } from './dump.ts'

/** Longest line outside a table's rows, in bytes: the keyring, in base64. */
const mostLine = 64 * 1024 * 1024

/** A part of a dump. `rows` must be read to its end before the next part is asked for. */
export type Part =
  | { readonly kind: 'keyring'; readonly text: string }
  | { readonly kind: 'table'; readonly of: TableColumns; readonly rows: AsyncGenerator<Buffer> }
  | { readonly kind: 'sequence'; readonly schema: string; readonly name: string; readonly last: number }

const content = (): AppError => new AppError('backup_invalid', { problem: 'content' })

const tableOf = (line: string): TableColumns | null => {
  const match = /^COPY "(\w+)"\."(\w+)" \(("\w+"(?:, "\w+")*)\) FROM stdin;$/.exec(line)
  if (!match) return null
  const [, schema = '', table = '', list = ''] = match
  const columns = list.split(', ').map((name) => name.slice(1, -1))
  if (![schema, table, ...columns].every(isPlainName)) throw content()
  return { schema, table, columns }
}

const sequenceOf = (line: string): Part | null => {
  const match = /^SELECT setval\('(\w+)\.(\w+)', (\d{1,18}), true\);$/.exec(line)
  return match && { kind: 'sequence', schema: match[1]!, name: match[2]!, last: Number(match[3]) }
}

const lineEnd = Buffer.from(`\n${rowsEnd}\n`)

const byteSource = (stream: AsyncIterable<Buffer>) => {
  const chunks = stream[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await chunks.next()
    if (next.done === true) return false
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value])
    return true
  }
  const line = async (): Promise<string> => {
    for (;;) {
      const at = held.indexOf(10)
      if (at >= 0) {
        const text = held.toString('utf8', 0, at)
        held = held.subarray(at + 1)
        return text
      }
      if (held.length > mostLine || !(await more())) throw content()
    }
  }
  /** Yields the rows up to the line that ends them. */
  async function* rows(): AsyncGenerator<Buffer> {
    while (held.length < rowsEnd.length + 1) if (!(await more())) throw content()
    // An empty table: its end follows at once.
    if (held.subarray(0, rowsEnd.length + 1).equals(lineEnd.subarray(1))) return void (held = held.subarray(rowsEnd.length + 1))
    for (;;) {
      const at = held.indexOf(lineEnd)
      if (at >= 0) {
        const last = held.subarray(0, at + 1)
        held = held.subarray(at + lineEnd.length)
        yield last
        return
      }
      // The end may have begun in what is held.
      const safe = Math.max(0, held.length - lineEnd.length)
      if (safe > 0) {
        const part = held.subarray(0, safe)
        held = held.subarray(safe)
        yield part
      }
      if (!(await more())) throw content()
    }
  }
  const isEnded = async (): Promise<boolean> => held.length === 0 && !(await more())
  const close = (): void => void chunks.return?.(undefined)
  return { line, rows, isEnded, close }
}

/**
 * Yields the parts of a dump in order. Only what `dump` writes is understood, and none of it is ever run: names are checked, rows go through COPY.
 * Throws `backup_invalid` (content) for anything else, also for a dump that ends early.
 */
export async function* readDump(stream: AsyncIterable<Buffer>, kind: 'data' | 'keys'): AsyncGenerator<Part> {
  const source = byteSource(stream)
  try {
    if ((await source.line()) !== dumpLine(kind)) throw content()
    for (let line = await source.line(); line !== dumpEnd; line = await source.line()) {
      if (line.startsWith(keyringMark)) {
        yield { kind: 'keyring', text: Buffer.from(line.slice(keyringMark.length), 'base64').toString('utf8') }
        continue
      }
      const of = tableOf(line)
      if (of) {
        yield { kind: 'table', of, rows: source.rows() }
        continue
      }
      const sequence = sequenceOf(line)
      if (!sequence) throw content()
      yield sequence
    }
    if (!(await source.isEnded())) throw content()
  } finally {
    source.close()
  }
}
