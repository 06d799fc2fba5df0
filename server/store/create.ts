import { randomUUIDv7 } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import type { RuleRow } from '../../domain/policy/predicate.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { insertSql, selectSql } from './entitySql.ts'
import { indexColumns, indexKeys } from './exactIndex.ts'
import { noteStatements } from './jobChange.ts'
import { type AnyRow, distinctKeys, openRow, ruleRowOf, setRuleRow, type StoredRow } from './openRows.ts'
import { predicateSql } from './predicateSql.ts'
import { openKeysOf } from './reads.ts'
import { insertValues, rowColumns } from './rowColumns.ts'
import { hashEnvelopes, parentIdOf, sealGroups } from './seal.ts'
import { refuse, type WriteSession, writeTogether } from './writeSession.ts'
import type { Shape } from './shape.ts'
import { insertKeysStatement, mintKeys } from './subjects.ts'
import { refusedCreate, requireInput, ruleOfValues } from './writeRules.ts'

/** Most records of one INSERT and one audit entry: each later look at one of them reads that entry's leaf, so it stays small (5 kB). */
const MOST_AT_ONCE = 100

type Draft = { row: AnyRow; key: DataKey | undefined }

/**
 * Creates records, in the order of the inputs. A record that is a person gets a subject and a key; one that belongs to a person is sealed under that
 * person's key. Statements: 3 per 100 records, one more when parents are read. `dates` say when each came to be, where that is not now; the audit log says when
 * it was written, as ever. Throws `input_invalid`, `not_found` for a parent out of sight, `forbidden`.
 */
export const createRecords = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  inputs: readonly unknown[],
  dates?: readonly string[],
): Promise<AnyRow[]> => {
  const all = inputs.map((input, i) => requireInput(shape.entity, input, 'create', inputs.length > 1 ? i : undefined))
  const rows: AnyRow[] = []
  for (let i = 0; i < all.length; i += MOST_AT_ONCE)
    rows.push(...(await createBatch(session, scope, shape, all.slice(i, i + MOST_AT_ONCE), dates?.slice(i, i + MOST_AT_ONCE))))
  return rows
}

const createBatch = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  inputs: Record<string, unknown>[],
  dates?: readonly string[],
): Promise<AnyRow[]> => {
  const { drafts, keyRows } = shape.parent
    ? await draftChildren(session, scope, shape, inputs)
    : await draftOwn(session, scope, shape, inputs)
  drafts.forEach(({ row }, i) => Object.assign(row, dates?.[i] ? { createdAt: dates[i], updatedAt: dates[i] } : {}))
  const index = shape.indexed.length > 0 ? await indexKeys(session.keyring) : []
  const classes = shape.groups.map((group) => group.class)
  const sealed = drafts.map(({ row, key }) => ({
    row,
    envelopes: key ? sealGroups(placeOf(shape, row), key, row, classes) : {},
  }))
  const columns = sealed.map(({ row, envelopes }) => rowColumns(shape, row, envelopes, indexColumns(shape, index, row)))
  const entry: AuditEntry = {
    actor: session.actor,
    action: 'create',
    entity: scope.entity,
    ids: drafts.map(({ row }) => row.id),
    subjects: shape.hasSubject ? drafts.map(({ row }) => row.subject) : [],
    fields: [...new Set(inputs.flatMap((input) => Object.keys(input).filter((field) => input[field] !== null)))],
    outcome: 'done',
    envelopes: sealed.flatMap(({ row, envelopes }) => hashEnvelopes(row.id, envelopes)),
  }
  const notes = await noteStatements(
    session,
    (shape.hasSubject ? drafts : []).map(({ row }) => ({
      shape,
      id: row.id,
      subject: row.subject,
      kind: 'create',
      versionBefore: null,
      versionAfter: 1,
    })),
  )
  await writeTogether(
    session,
    [entry],
    [
      ...notes,
      ...(keyRows.length > 0 ? [insertKeysStatement(keyRows)] : []),
      { ...insertSql(shape), values: insertValues(shape, columns) },
    ],
  )
  return drafts.map(({ row }) => row)
}

const placeOf = (shape: Shape, row: AnyRow) => ({
  shape,
  id: row.id,
  subject: row.subject,
  rule: ruleRowOf(row),
  parentId: parentIdOf(shape, row),
})

const newRow = (subject: number, input: Record<string, unknown>, rule: RuleRow): AnyRow => {
  const now = new Date().toISOString()
  return setRuleRow({ ...input, id: randomUUIDv7(), version: 1, createdAt: now, updatedAt: now, trashedAt: null, subject }, rule)
}

const requireCreate = (session: WriteSession, scope: Scope, input: Record<string, unknown>, rule: RuleRow, subjects: number[]): void => {
  const fields = refusedCreate(scope, input, rule)
  if (fields.length > 0) refuse(session, { action: 'create', entity: scope.entity, subjects, fields })
}

const mintFor = async (session: WriteSession, count: number) => {
  const subjects = await session.takeSubjects(count)
  return { subjects, ...(await mintKeys(session.broker, subjects)) }
}

const draftOwn = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  inputs: Record<string, unknown>[],
): Promise<{ drafts: Draft[]; keyRows: WrappedKey[] }> => {
  const rules = inputs.map((input) => ruleOfValues(shape, input))
  inputs.forEach((input, i) => requireCreate(session, scope, input, rules[i]!, []))
  if (!shape.hasSubject) return { drafts: inputs.map((input, i) => ({ row: newRow(0, input, rules[i]!), key: undefined })), keyRows: [] }
  const { subjects, rows, keys } = await mintFor(session, inputs.length)
  return { drafts: inputs.map((input, i) => ({ row: newRow(subjects[i]!, input, rules[i]!), key: keys.get(subjects[i]!) })), keyRows: rows }
}

const draftChildren = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  inputs: Record<string, unknown>[],
): Promise<{ drafts: Draft[]; keyRows: WrappedKey[] }> => {
  const parent = shape.parent!
  const ids = [...new Set(inputs.map((input) => input[parent.field] as string))]
  const values: unknown[] = [ids]
  const where = `r.id = any($1::uuid[]) and r.trashed_at is null and ${predicateSql(scope.rows, parent.shape.rule, values)}`
  // The share lock keeps an erasure of the person from slipping in between.
  const groups = parent.shape.groups.slice(0, 1).map((group) => group.class)
  const sql = selectSql(parent.shape, { groups, where, lock: 'for key share of r' })
  const { rows } = await session.client.query<StoredRow>({ ...sql, values })
  const parents = new Map(rows.map((row) => [row['id'] as string, row]))
  // A job is not charged for what it only seals: nobody sees it, and a list of 100,000 would use up what its starter may open in a day.
  const keys =
    session.job === null ? await openKeysOf(session.broker, scope, parent.shape, rows) : await session.broker.open(distinctKeys(rows))
  const rules = inputs.map((input) => {
    const found = parents.get(input[parent.field] as string)
    if (!found) throw new AppError('not_found', { entity: parent.shape.name })
    const subject = found['subject'] as number
    // Opened only to know that its store and owner are what they were; nobody sees what is in it.
    const rule = ruleRowOf(openRow(parent.shape, found, keys, groups))
    requireCreate(session, scope, input, rule, [subject])
    return { subject, rule }
  })
  const own = shape.isPerson ? await mintFor(session, inputs.length) : null
  const drafts = inputs.map((input, i): Draft => {
    const { subject: of, rule } = rules[i]!
    const subject = own ? own.subjects[i]! : of
    return { row: newRow(subject, input, rule), key: (own?.keys ?? keys).get(subject) }
  })
  return { drafts, keyRows: own?.rows ?? [] }
}
