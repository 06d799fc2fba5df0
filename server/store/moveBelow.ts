import type { RuleRow } from '../../domain/policy/predicate.ts'
import { AppError } from '../../domain/errors.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { selectSql, updateManySql } from './entitySql.ts'
import { indexColumns, indexKeys } from './exactIndex.ts'
import { noteStatements } from './jobChange.ts'
import { type AnyRow, distinctKeys, openRow, setRuleRow, type StoredRow } from './openRows.ts'
import { readLocked, requireNewestOf } from './readLocked.ts'
import { insertValues, rowColumns } from './rowColumns.ts'
import { hashEnvelopes, sealGroups } from './seal.ts'
import { allShapes, type Shape } from './shape.ts'
import { type WriteSession, writeTogether } from './writeSession.ts'

/** The record that others hang below: whose they are from now on. */
export type Above = { readonly id: string; readonly subject: number; readonly key: DataKey; readonly rule: RuleRow }

/** Records of one flight and one audit entry, as for creating (create.ts). */
const MOST_AT_ONCE = 100

/** Locks and returns records with all their envelopes and the newest entry of each, in the order of their ids. */
export const lockRows = async (session: WriteSession, shape: Shape, where: string, values: unknown[]): Promise<StoredRow[]> => {
  const groups = shape.groups.map((group) => group.class)
  const sql = selectSql(shape, { groups, where, newest: true, tail: 'order by r.id', lock: 'for update of r' })
  return readLocked(session.client, shape, { ...sql, values })
}

type Moved = { readonly before: AnyRow; readonly row: AnyRow; readonly key: DataKey }

const moveSome = async (session: WriteSession, child: Shape, moved: readonly Moved[], to: Above): Promise<void> => {
  const field = child.parent!.field
  const classes = child.groups.map((group) => group.class)
  const index = child.indexed.length > 0 ? await indexKeys(session.keyring) : []
  const sealed = moved.map(({ row, key }) => ({
    row,
    envelopes: sealGroups({ shape: child, id: row.id, subject: row.subject, rule: to.rule, parentId: to.id }, key, row, classes),
  }))
  const entry: AuditEntry = {
    actor: session.actor,
    action: 'update',
    entity: child.name,
    ids: moved.map(({ row }) => row.id),
    // Whose it was and whose it is: either may be asked what became of it.
    subjects: [...new Set(moved.flatMap(({ before, row }) => [before.subject, row.subject]))],
    fields: [field],
    outcome: 'done',
    envelopes: sealed.flatMap(({ row, envelopes }) => hashEnvelopes(row.id, envelopes)),
  }
  const notes = await noteStatements(
    session,
    moved.map(({ before, row, key }) => ({
      shape: child,
      id: row.id,
      subject: row.subject,
      kind: 'move' as const,
      versionBefore: before.version,
      versionAfter: row.version,
      values: { key, before: { [field]: before[field] }, after: { [field]: row[field] } },
    })),
  )
  const columns = sealed.map(({ row, envelopes }) => rowColumns(child, row, envelopes, indexColumns(child, index, row)))
  const [result] = await writeTogether(session, [entry], [{ ...updateManySql(child), values: insertValues(child, columns) }, ...notes])
  if (result?.rowCount !== moved.length) throw new AppError('internal', { problem: 'locked record changed' })
}

const moveRows = async (session: WriteSession, child: Shape, stored: readonly StoredRow[], to: Above): Promise<void> => {
  for (const one of stored) requireNewestOf(child, one)
  const keys = await session.broker.open(distinctKeys(stored))
  const classes = child.groups.map((group) => group.class)
  const moved = stored.map((one): Moved => {
    const before = openRow(child, one, keys, classes)
    const subject = child.isPerson ? before.subject : to.subject
    const row = setRuleRow(
      { ...before, [child.parent!.field]: to.id, subject, version: before.version + 1, updatedAt: new Date().toISOString() },
      to.rule,
    )
    return { before, row, key: child.isPerson ? keys.get(subject)! : to.key }
  })
  for (let i = 0; i < moved.length; i += MOST_AT_ONCE) await moveSome(session, child, moved.slice(i, i + MOST_AT_ONCE), to)
}

/**
 * Moves everything that hangs below one record below another of the same kind, the trash included: opened under the one person's key and sealed under the
 * other's. Whoever calls has locked both records and asked the policy. Returns how many moved. Throws `envelope_invalid` for a tampered record: nothing
 * is then moved, `key_unavailable`.
 */
export const moveBelow = async (session: WriteSession, shape: Shape, from: string, to: Above): Promise<number> => {
  let count = 0
  for (const child of allShapes().filter((one) => one.parent?.shape === shape)) {
    const stored = await lockRows(session, child, `r.${child.parent!.column} = $1`, [from])
    if (stored.length > 0) await moveRows(session, child, stored, to)
    count += stored.length
  }
  return count
}

/** Moves those of the records that hang below `from` below another, and returns how many. Throws as `moveBelow` does. */
export const moveThese = async (session: WriteSession, child: Shape, ids: readonly string[], from: string, to: Above): Promise<number> => {
  const stored = await lockRows(session, child, `r.id = any($1::uuid[]) and r.${child.parent!.column} = $2`, [ids, from])
  if (stored.length > 0) await moveRows(session, child, stored, to)
  return stored.length
}
