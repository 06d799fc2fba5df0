import { createHash } from 'node:crypto'
import type { Queryable } from '../store/database.ts'
import { databaseError } from '../store/databaseError.ts'

/** A place in the audit log: the next index to follow from, and the entry before it, which no other database has. */
export type Anchor = { readonly next: number; readonly entryId: number; readonly leafHash: string }

type Row = { idx: number; entry_id: number; leaf: Buffer }

const at = `select s.idx, s.entry_id, e.leaf from audit.sequence s join audit.entry e on e.id = s.entry_id`

/** Returns the anchor at the end of the log, or null for an empty log. Throws `database_unavailable`. */
export async function readAnchor(client: Queryable): Promise<Anchor | null> {
  return toAnchor(await ask(client, `${at} order by s.idx desc limit 1`))
}

/** Returns the anchor just before index `next`. */
export async function anchorBefore(client: Queryable, next: number): Promise<Anchor | null> {
  return toAnchor(await ask(client, `${at} where s.idx = $1`, [next - 1]))
}

/** Whether this database's log holds the very entry: else it is another database, or an older state of this one. */
export async function holdsAnchor(client: Queryable, anchor: Anchor): Promise<boolean> {
  const found = await anchorBefore(client, anchor.next)
  return found !== null && found.entryId === anchor.entryId && found.leafHash === anchor.leafHash
}

async function ask(client: Queryable, text: string, values: unknown[] = []): Promise<Row | undefined> {
  const { rows } = await client.query<Row>({ text, values }).catch((error: unknown) => {
    throw databaseError(error)
  })
  return rows[0]
}

function toAnchor(row: Row | undefined): Anchor | null {
  return row ? { next: row.idx + 1, entryId: row.entry_id, leafHash: createHash('sha256').update(row.leaf).digest('base64') } : null
}
