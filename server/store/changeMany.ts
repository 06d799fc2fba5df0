import type { SealedClass } from '../../domain/catalogue/field.ts'
import { checkInput } from '../../domain/catalogue/check.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none, satisfies } from '../../domain/policy/predicate.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { picked } from './change.ts'
import { selectSql, updateManySql } from './entitySql.ts'
import { indexColumns, type IndexKey, indexKeys } from './exactIndex.ts'
import { type Change, noteStatements, type OwnChange } from './jobChange.ts'
import { openEach } from './openEach.ts'
import { type AnyRow, ruleRowOf, setRuleRow, type StoredRow, storedEnvelopes, storedKey } from './openRows.ts'
import { predicateSql } from './predicateSql.ts'
import { isRecordId } from './reads.ts'
import { type ColumnValues, insertValues, rowColumns } from './rowColumns.ts'
import { type Envelopes, hashEnvelopes, parentIdOf, sealGroups, type Values } from './seal.ts'
import type { Shape } from './shape.ts'
import { staleGroups } from './staleGroups.ts'
import { readWritten } from './verifyEnvelopes.ts'
import { refusedChange, ruleOfValues } from './writeRules.ts'
import { type WriteSession, writeTogether } from './writeSession.ts'

/** What becomes of one record: fields that get other values, a move into the trash or out of it, or why it stays as it is. */
export type Verdict<P = Values> = { readonly patch: P } | { readonly move: 'trash' | 'restore' } | { readonly keep: string }

/**
 * What became of one record. `version`: what it has now, null where there is none in sight. `kept`: null for a change, else why there is none: what
 * `judge` said, or `not_found`, `forbidden`, `damaged`, `input_invalid`, `unchanged`.
 */
export type Outcome = { readonly id: string; readonly version: number | null; readonly kept: string | null }

/** Records of one flight and one audit entry, as for creating (create.ts). */
const MOST_AT_ONCE = 100

type Judge = (row: AnyRow, key: DataKey) => Verdict
type Opened = { readonly row: AnyRow; readonly stored: StoredRow; readonly key: DataKey }
type Write = { readonly row: AnyRow; readonly envelopes: Envelopes; readonly change: Change<OwnChange>; readonly fields: readonly string[] }
type Judged = { readonly write: Write } | { readonly kept: string; readonly refused?: OwnChange }

/**
 * Locks and opens records in the order of their ids, so that two batches never wait for each other, and leaves out those that are damaged, replayed, or
 * without a key. Nothing is charged to the actor's budget: what is opened here is sealed again and shown to nobody.
 */
const lockAndOpen = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  ids: readonly string[],
): Promise<Map<string, Opened | null>> => {
  const classes = shape.groups.map((group) => group.class)
  const values: unknown[] = [ids]
  const where = `r.id = any($1::uuid[]) and ${predicateSql(scope.rows, shape.rule, values)}`
  const sql = selectSql(shape, { groups: classes, where, tail: 'order by r.id', lock: 'for update of r', keyless: true })
  const read = async (): Promise<Map<string, Opened | null>> => {
    const { rows } = await session.client.query<StoredRow>({ ...sql, values })
    const written = await readWritten(
      session.client,
      rows.map((row) => row['id'] as string),
    )
    const isWhole = (row: StoredRow): boolean => {
      const id = row['id'] as string
      return row['key_wrapped'] !== null && staleGroups(id, storedEnvelopes(shape, row), written.get(id) ?? null).length === 0
    }
    return openWhole(session, shape, rows, rows.filter(isWhole), classes)
  }
  const found = await read()
  // What stood beside a record that somebody changed while we waited for its lock is from before the wait: under the lock it is read once more.
  return [...found.values()].includes(null) ? read() : found
}

const openWhole = async (
  session: WriteSession,
  shape: Shape,
  all: readonly StoredRow[],
  whole: readonly StoredRow[],
  classes: readonly SealedClass[],
): Promise<Map<string, Opened | null>> => {
  const { rows } = await openEach(session.broker, shape, whole, classes)
  const stored = new Map(whole.map((row) => [row['id'] as string, row]))
  const wrapped = new Map(rows.map((row) => [row.subject, storedKey(stored.get(row.id)!)]))
  const keys = await session.broker.open([...wrapped.values()])
  const found = new Map<string, Opened | null>(all.map((row) => [row['id'] as string, null]))
  for (const row of rows) found.set(row.id, { row, stored: stored.get(row.id)!, key: keys.get(row.subject)! })
  return found
}

const judgePatch = (scope: Scope, shape: Shape, { row, stored, key }: Opened, given: Values): Judged => {
  const { value: patch } = checkInput(shape.entity, given, 'update')
  if (!patch) return { kept: 'input_invalid' }
  const fields = Object.keys(patch)
  if (fields.length === 0) return { kept: 'unchanged' }
  const before = ruleRowOf(row)
  const after = shape.parent ? before : ruleOfValues(shape, { ...row, ...patch })
  if (refusedChange(scope, shape, patch, before, after, row).length > 0) return { kept: 'forbidden', refused: 'update' }
  const next = setRuleRow({ ...row, ...patch, version: row.version + 1, updatedAt: new Date().toISOString() }, after)
  const moved = before.storeId !== after.storeId || before.ownerId !== after.ownerId
  // Every envelope is bound to store and owner (change.ts).
  const groups = shape.groups.filter((group) => moved || group.fields.some((field) => fields.includes(field))).map((group) => group.class)
  const sealed = sealGroups({ shape, id: row.id, subject: row.subject, rule: after, parentId: parentIdOf(shape, row) }, key, next, groups)
  const change = changeOf(shape, row, 'update', { key, before: picked(row, fields), after: picked(next, fields) })
  return { write: { row: next, envelopes: { ...storedEnvelopes(shape, stored), ...sealed }, change, fields } }
}

const judgeMove = (scope: Scope, shape: Shape, { row, stored }: Opened, move: 'trash' | 'restore'): Judged => {
  if ((row.trashedAt !== null) === (move === 'trash')) return { kept: 'unchanged' }
  const rule = ruleRowOf(row)
  if (!satisfies(scope.actions[move] ?? none, rule)) return { kept: 'forbidden', refused: move }
  const now = new Date().toISOString()
  const next = setRuleRow({ ...row, version: row.version + 1, updatedAt: now, trashedAt: move === 'trash' ? now : null }, rule)
  return { write: { row: next, envelopes: storedEnvelopes(shape, stored), change: changeOf(shape, row, move), fields: [] } }
}

const changeOf = (shape: Shape, row: AnyRow, kind: OwnChange, values?: Change['values']): Change<OwnChange> => ({
  shape,
  id: row.id,
  subject: row.subject,
  kind,
  versionBefore: row.version,
  versionAfter: row.version + 1,
  ...(values ? { values } : {}),
})

const judgeOne = (scope: Scope, shape: Shape, opened: Opened, judge: Judge): Judged => {
  const verdict = judge(opened.row, opened.key)
  if ('keep' in verdict) return { kept: verdict.keep }
  return 'move' in verdict ? judgeMove(scope, shape, opened, verdict.move) : judgePatch(scope, shape, opened, verdict.patch)
}

type Refused = { readonly row: AnyRow; readonly action: OwnChange }

/** One entry for all records with which the same was done, and one for those with which policy refused the same. */
const entriesOf = (session: WriteSession, scope: Scope, writes: readonly Write[], refused: readonly Refused[]): AuditEntry[] => {
  const { actor } = session
  const groups = Map.groupBy(writes, ({ change, fields }) => `${change.kind} ${fields.join(' ')}`)
  const done = [...groups.values()].map((same): AuditEntry => ({
    actor,
    action: same[0]!.change.kind,
    entity: scope.entity,
    ids: same.map(({ row }) => row.id),
    subjects: same.map(({ row }) => row.subject),
    fields: same[0]!.fields,
    outcome: 'done',
    envelopes: same.flatMap(({ row, envelopes }) => hashEnvelopes(row.id, envelopes)),
  }))
  const kept = [...Map.groupBy(refused, ({ action }) => action)].map(([action, same]): AuditEntry => ({
    actor,
    action,
    entity: scope.entity,
    ids: same.map(({ row }) => row.id),
    subjects: same.map(({ row }) => row.subject),
    outcome: 'refused',
  }))
  return [...done, ...kept]
}

const columnsOf = (shape: Shape, keys: readonly IndexKey[], { row, envelopes }: Write): ColumnValues =>
  rowColumns(shape, row, envelopes, indexColumns(shape, keys, row))

const changeBatch = async (session: WriteSession, scope: Scope, shape: Shape, ids: readonly string[], judge: Judge): Promise<Outcome[]> => {
  const found = await lockAndOpen(session, scope, shape, ids)
  const judged = new Map<string, Judged>()
  for (const [id, opened] of found) judged.set(id, opened ? judgeOne(scope, shape, opened, judge) : { kept: 'damaged' })
  const writes = [...judged.values()].flatMap((one) => ('write' in one ? [one.write] : []))
  const refused = [...judged].flatMap(([id, one]) =>
    'kept' in one && one.refused ? [{ row: found.get(id)!.row, action: one.refused }] : [],
  )
  const keys = shape.indexed.length > 0 ? await indexKeys(session.keyring) : []
  const rows = writes.map((write) => columnsOf(shape, keys, write))
  const notes = await noteStatements(
    session,
    writes.map(({ change }) => change),
  )
  const entries = entriesOf(session, scope, writes, refused)
  if (entries.length > 0) {
    const update = writes.length > 0 ? [{ ...updateManySql(shape), values: insertValues(shape, rows) }] : []
    const [result] = await writeTogether(session, entries, [...update, ...notes])
    if (writes.length > 0 && result?.rowCount !== writes.length) throw new AppError('internal', { problem: 'locked record changed' })
  }
  return ids.map((id): Outcome => {
    const one = judged.get(id)
    if (!one) return { id, version: null, kept: 'not_found' }
    if ('write' in one) return { id, version: one.write.row.version, kept: null }
    return { id, version: found.get(id)?.row.version ?? null, kept: one.kept }
  })
}

/**
 * Changes, trashes or restores many records, each as `judge` says, under the actor's scope: nothing that the actor could not do with that one record alone.
 * One that cannot be changed is left as it is and says why; those that policy refused are on record as refused. Returns an outcome per id, in the order of
 * the ids, each counted once. Four statements per 100 records. Throws only what concerns all: `key_unavailable`, `audit_unavailable`, `database_unavailable`.
 */
export const changeMany = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  ids: readonly string[],
  judge: Judge,
): Promise<Outcome[]> => {
  if (!shape.hasSubject) throw new AppError('internal', { problem: 'no person to seal for' })
  const wanted = [...new Set(ids)]
  const known = wanted.filter(isRecordId).toSorted()
  const outcomes = new Map<string, Outcome>()
  for (let i = 0; i < known.length; i += MOST_AT_ONCE)
    for (const one of await changeBatch(session, scope, shape, known.slice(i, i + MOST_AT_ONCE), judge)) outcomes.set(one.id, one)
  return wanted.map((id) => outcomes.get(id) ?? { id, version: null, kept: 'not_found' })
}
