import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Audit } from '../audit/audit.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { SuiteId } from '../crypto/aead.ts'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import { appendPrepared } from '../audit/append.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { selectSql } from './entitySql.ts'
import { openRow } from './openRows.ts'
import { readLocked, requireNewestOf } from './readLocked.ts'
import { type Envelopes, hashEnvelopes, sealGroups } from './seal.ts'
import { allShapes, type Shape } from './shape.ts'
import { statement } from './statement.ts'
import { inTransaction } from './transaction.ts'

type Parts = { pool: pg.Pool; broker: KeyBroker; audit: Audit }
type Resealed = { id: string; envelopes: Envelopes }

/** Most records of one audit entry, as in `create.ts`. */
const MOST_AT_ONCE = 100

const selectKey = 'select subject, epoch, version, suite, wrapped from keys.data_key where subject = $1 for update'

/**
 * Gives a person a new data key under a suite and seals every record about them under it, in one transaction; contents and versions stay. Envelopes that are
 * not those of their newest write are refused, so a replayed one is not made genuine. Returns how many records were sealed, null when the subject has the
 * suite already, is a member of staff (whose part of the audit log is sealed under their first key, for good) or has no key. Throws `envelope_invalid`.
 */
export const resealSubject = ({ pool, broker, audit }: Parts, actor: Actor, subject: number, suite: SuiteId): Promise<number | null> =>
  inTransaction(pool, async (client) => {
    const { rows: [old] } = await client.query<WrappedKey>(selectKey, [subject])
    const isStaff = await client.query('select from staff where subject = $1', [subject])
    if (!old || old.suite === suite || isStaff.rowCount !== 0) return null
    const oldKey = (await broker.open([old])).get(subject)!
    const { row, key } = await broker.mint(subject, { version: old.version + 1, suite })
    const entries: AuditEntry[] = []
    let count = 0
    for (const shape of allShapes().filter((one) => one.hasSubject)) {
      const records = await resealEntity(client, shape, oldKey, key)
      count += records.length
      for (let i = 0; i < records.length; i += MOST_AT_ONCE) entries.push(entryOf(actor, shape, subject, records.slice(i, i + MOST_AT_ONCE)))
    }
    await client.query('update keys.data_key set epoch = $2, version = $3, suite = $4, wrapped = $5 where subject = $1',
      [subject, row.epoch, row.version, row.suite, row.wrapped])
    await appendPrepared(client, await audit.prepare(entries))
    return count
  }).then((count) => {
    broker.forget(subject)
    audit.committed()
    return count
  })

const resealEntity = async (client: pg.PoolClient, shape: Shape, oldKey: DataKey, key: DataKey): Promise<Resealed[]> => {
  const classes = shape.groups.map((group) => group.class)
  const sql = selectSql(shape, { groups: classes, where: 'r.subject = $1', newest: true, lock: 'for update of r' })
  const rows = await readLocked(client, shape, { ...sql, values: [key.subject] })
  const resealed = rows.map((stored): Resealed => {
    requireNewestOf(shape, stored)
    const row = openRow(shape, stored, oldKey, classes)
    return { id: row.id, envelopes: sealGroups({ shape, id: row.id, subject: row.subject }, key, row, classes) }
  })
  const set = shape.groups.map(({ column }, i) => `${column} = f.g${i}`).join(', ')
  const names = shape.groups.map((_, i) => `g${i}`).join(', ')
  const types = shape.groups.map((_, i) => `$${i + 2}::bytea[]`).join(', ')
  const update = statement(`update ${shape.table} r set ${set} from unnest($1::uuid[], ${types}) as f (id, ${names}) where r.id = f.id`)
  const values = [resealed.map(({ id }) => id), ...classes.map((group) => resealed.map(({ envelopes }) => envelopes[group] ?? null))]
  const { rowCount } = await client.query({ ...update, values })
  if (rowCount !== resealed.length) throw new AppError('internal', { problem: 'locked records changed' })
  return resealed
}

const entryOf = (actor: Actor, shape: Shape, subject: number, records: readonly Resealed[]): AuditEntry => ({
  actor, action: 'reseal', entity: shape.name, ids: records.map(({ id }) => id), subjects: [subject], outcome: 'done',
  envelopes: records.flatMap(({ id, envelopes }) => hashEnvelopes(id, envelopes)),
})
