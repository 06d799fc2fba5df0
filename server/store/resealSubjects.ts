import type pg from 'pg'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Audit } from '../audit/audit.ts'
import type { EnvelopeHash } from '../audit/entry.ts'
import type { SuiteId } from '../crypto/aead.ts'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { selectSql } from './entitySql.ts'
import { resealChanges } from './jobChange.ts'
import { distinctKeys, openRow, storedEnvelopes, storedRule } from './openRows.ts'
import { readLocked, requireNewestOf } from './readLocked.ts'
import { hashEnvelopes, parentIdOf, sealGroups } from './seal.ts'
import { allShapes, type Shape } from './shape.ts'

type Parts = { client: pg.PoolClient; broker: KeyBroker; audit: Audit; actor: Actor }

// As in create.ts: each later look at one of the records reads the leaf.
const recordsPerEntry = 100

const put = 'update keys.data_key set epoch = $2, version = $3, suite = $4, wrapped = $5 where subject = $1'

const resealShape = async (
  { client, broker, audit, actor }: Parts,
  shape: Shape,
  subject: number,
  from: DataKey,
  to: DataKey,
): Promise<void> => {
  const classes = shape.groups.map((group) => group.class)
  const sql = selectSql(shape, { groups: classes, where: 'r.subject = $1', newest: true, lock: 'for update of r' })
  const rows = await readLocked(client, shape, { ...sql, values: [subject] })
  // Of a person below another: the other's key, which may have been replaced a moment ago in this very transaction.
  const parents = await broker.open(distinctKeys(rows).filter((key) => key.subject !== subject))
  const envelopes: EnvelopeHash[] = []
  for (const stored of rows) {
    const id = stored['id'] as string
    const before = storedEnvelopes(shape, stored)
    // What was tampered with must not come out of a re-seal as if it were whole.
    requireNewestOf(shape, stored)
    const held = classes.filter((one) => before[one])
    const row = openRow(shape, stored, new Map([...parents, [subject, from]]), held)
    const after = sealGroups({ shape, id, subject, rule: storedRule(stored), parentId: parentIdOf(shape, row) }, to, row, held)
    const columns = shape.groups.filter((group) => after[group.class])
    const set = columns.map(({ column }, i) => `${column} = $${i + 2}`).join(', ')
    await client.query(`update ${shape.table} set ${set} where id = $1`, [id, ...columns.map((group) => after[group.class])])
    envelopes.push(...hashEnvelopes(id, after))
  }
  if (rows.length === 0) return
  const ids = rows.map((row) => row['id'] as string)
  const entry = { actor, action: 'reseal', entity: shape.name, subjects: [subject], outcome: 'done' } as const
  for (let i = 0; i < ids.length; i += recordsPerEntry) {
    const some = new Set(ids.slice(i, i + recordsPerEntry))
    await audit.appendTo(client, [{ ...entry, ids: [...some], envelopes: envelopes.filter(({ id }) => some.has(id)) }])
  }
}

/**
 * Gives subjects a new data key of the suite and seals everything about them anew, in the caller's transaction. Versions of records do not change:
 * nobody's edit fails for it. Not for staff: what the log holds of them is sealed under their key and stays as it was written.
 * Throws `envelope_invalid` for a tampered record, `key_unavailable`.
 */
export const resealSubjects = async (parts: Parts, rows: readonly WrappedKey[], suite: SuiteId): Promise<void> => {
  const keys = await parts.broker.open(rows)
  for (const row of rows) {
    const next = await parts.broker.mint(row.subject, { version: row.version + 1, suite })
    const { epoch, version, wrapped } = next.row
    await parts.client.query(put, [row.subject, epoch, version, suite, wrapped])
    // Children first: they open only beside a parent that opens under the same key.
    const about = allShapes().filter((one) => one.hasSubject)
    for (const shape of [...about.filter((one) => one.parent), ...about.filter((one) => !one.parent)])
      await resealShape(parts, shape, row.subject, keys.get(row.subject)!, next.key)
    await resealChanges(parts.client, row.subject, keys.get(row.subject)!, next.key)
  }
}
