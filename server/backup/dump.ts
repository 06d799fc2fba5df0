import type { Snapshot, SnapshotTable } from '../store/snapshot.ts'
import { copyHead, copyOut } from '../store/copyTable.ts'

/** The first line of a dump. */
export const dumpLine = (kind: 'data' | 'keys'): string => `-- anechoic-backup/1 ${kind}`
/** Begins the line with the keyring, in base64. */
export const keyringMark = '-- keyring '
/** Ends a table's rows: no row of COPY's text format can be this line. */
export const rowsEnd = '\\.'
/** The last line. */
export const dumpEnd = '-- end'

const newline = 10

/** Counts line ends: rows of COPY's text format, in which those within values are written as \n. */
const countRows = (bytes: Buffer): number => {
  let rows = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) rows += 1
  return rows
}

/**
 * Yields tables of a snapshot as a script that psql would take: `COPY … FROM stdin;`, the rows, `\.`, then the sequences. Reads as fast as it is read.
 * `onRows` is told how many rows went by. Throws what the database throws.
 */
export async function* dump(
  { client, sequences }: Snapshot,
  tables: readonly SnapshotTable[],
  head: readonly string[],
  onRows: (rows: number) => void = () => {},
): AsyncGenerator<Buffer> {
  yield Buffer.from(`${head.join('\n')}\n`)
  const schemas = new Set(tables.map(({ schema }) => schema))
  for (const table of tables) {
    yield Buffer.from(`${copyHead(table)} FROM stdin;\n`)
    for await (const chunk of copyOut(client, table) as AsyncIterable<Buffer>) {
      onRows(countRows(chunk))
      yield chunk
    }
    yield Buffer.from(`${rowsEnd}\n`)
  }
  for (const { schema, name, last } of sequences)
    if (schemas.has(schema)) yield Buffer.from(`SELECT setval('${schema}.${name}', ${last}, true);\n`)
  yield Buffer.from(`${dumpEnd}\n`)
}
