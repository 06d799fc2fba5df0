import type { Readable, Writable } from 'node:stream'
import type pg from 'pg'
import copyStreams from 'pg-copy-streams'

/** A table and its columns, as the database names them. */
export type TableColumns = { readonly schema: string; readonly table: string; readonly columns: readonly string[] }

const plainName = /^[a-z_][a-z0-9_]{0,62}$/

/** Whether the text is a name of ours: it can be quoted and cannot end the quotes. */
export const isPlainName = (name: string): boolean => plainName.test(name)

const quoted = (name: string): string => {
  if (!isPlainName(name)) throw new TypeError('not a plain name')
  return `"${name}"`
}

/** Returns the table's quoted name with its schema. */
export const qualified = ({ schema, table }: Omit<TableColumns, 'columns'>): string => `${quoted(schema)}.${quoted(table)}`

/** Returns `COPY "schema"."table" ("a", "b")`, the beginning of the statement and of the block in a dump. */
export const copyHead = (of: TableColumns): string => `COPY ${qualified(of)} (${of.columns.map(quoted).join(', ')})`

/** Streams a table's rows in COPY's text format (PostgreSQL manual, COPY), within the transaction `client` is in. */
export const copyOut = (client: pg.Client, of: TableColumns): Readable => client.query(copyStreams.to(`${copyHead(of)} TO STDOUT`))

/** Takes rows in COPY's text format into a table, within the transaction `client` is in; finished once the database has taken them all. */
export const copyIn = (client: pg.Client, of: TableColumns): Writable => client.query(copyStreams.from(`${copyHead(of)} FROM STDIN`))
