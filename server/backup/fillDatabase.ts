import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { copyIn, type TableColumns } from '../store/copyTable.ts'
import type { Manifest } from './manifest.ts'
import type { Part } from './readDump.ts'

const wrong = (problem: string, more: Record<string, string | number> = {}): AppError =>
  new AppError('backup_invalid', { problem, ...more })

const nameOf = ({ schema, table }: { schema: string; table: string }): string => `${schema}.${table}`

/**
 * Fills tables from the parts of a sealed file, within the transaction `client` is in; returns the names of those it filled. `known` are the tables this
 * schema has: another, or other columns, is refused, and so is a number of rows that the manifest does not say. Throws `backup_invalid` (content).
 */
export const fillTables = async (
  client: pg.Client,
  parts: AsyncIterable<Part>,
  known: readonly TableColumns[],
  { tables }: Pick<Manifest, 'tables'>,
  counted = true,
): Promise<string[]> => {
  const filled: string[] = []
  for await (const part of parts) {
    if (part.kind === 'keyring') continue
    if (part.kind === 'sequence') {
      await client.query('select setval($1::regclass, $2::bigint, true)', [`${part.schema}.${part.name}`, part.last])
      continue
    }
    const { of } = part
    const name = nameOf(of)
    const own = known.find((one) => nameOf(one) === name)
    if (!own || own.columns.join() !== of.columns.join() || filled.includes(name)) throw wrong('content', { table: name })
    let rows = 0
    const counting = async function* (): AsyncGenerator<Buffer> {
      for await (const bytes of part.rows) {
        for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) rows += 1
        yield bytes
      }
    }
    await pipeline(Readable.from(counting(), { objectMode: false }), copyIn(client, of))
    if (counted && rows !== tables[name]) throw wrong('content', { table: name, found: rows, expected: tables[name] ?? 0 })
    filled.push(name)
  }
  return filled
}
