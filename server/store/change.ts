import type { SealedClass } from '../../domain/catalogue/field.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none, type RuleRow, satisfies } from '../../domain/policy/predicate.ts'
import type { Action } from '../../domain/policy/role.ts'
import { selectSql, updateSql } from './entitySql.ts'
import { indexColumns, indexKeys } from './exactIndex.ts'
import { type Change, noteStatements, type OwnChange } from './jobChange.ts'
import { groupsOf } from './look.ts'
import { type AnyRow, openRow, ruleRowOf, setRuleRow, type StoredRow, storedEnvelopes, storedRule } from './openRows.ts'
import { findMergedAway } from './mergedAway.ts'
import { predicateSql } from './predicateSql.ts'
import { isRecordId, openKeysOf } from './reads.ts'
import { readLocked, requireKeyOf, requireNewestOf } from './readLocked.ts'
import { rowColumns, updateValues } from './rowColumns.ts'
import { type Envelopes, hashEnvelopes, parentIdOf, sealGroups, type Values } from './seal.ts'
import { refuse, type WriteSession, writeTogether } from './writeSession.ts'
import type { Shape } from './shape.ts'
import { refusedChange, requireInput, ruleOfValues } from './writeRules.ts'

/**
 * Locks and returns the stored record, with all its envelopes. Throws `not_found`, `version_conflict` with the current version.
 */
export const lockAnyRecord = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  id: string,
  version: number | null,
): Promise<StoredRow> => {
  if (!isRecordId(id)) throw new AppError('not_found', { entity: scope.entity })
  const values: unknown[] = [id]
  const where = `r.id = $1 and ${predicateSql(scope.rows, shape.rule, values)}`
  const classes = shape.groups.map((group) => group.class)
  const sql = selectSql(shape, { groups: classes, where, newest: shape.hasSubject, lock: 'for update of r', keyless: true })
  const [stored] = await readLocked(session.client, shape, { ...sql, values })
  if (!stored) throw new AppError('not_found', { entity: scope.entity })
  const current = stored['version'] as number
  if (version !== null && current !== version) throw new AppError('version_conflict', { current })
  return stored
}

/**
 * Locks and returns the stored record, once its envelopes are known to be those of its newest write and its key is there.
 * Throws as `lockAnyRecord` does, and `envelope_invalid`, `key_unavailable`.
 */
export const lockRecord = async (session: WriteSession, scope: Scope, shape: Shape, id: string, version: number): Promise<StoredRow> => {
  const stored = await lockAnyRecord(session, scope, shape, id, version)
  requireKeyOf(shape, stored)
  requireNewestOf(shape, stored)
  return stored
}

const isSameRule = (a: RuleRow, b: RuleRow): boolean =>
  (a.storeId ?? null) === (b.storeId ?? null) && (a.ownerId ?? null) === (b.ownerId ?? null)

/** The groups to seal anew: those with a changed field, and all of them when store or owner change, since every envelope is bound to these. */
const touched = (shape: Shape, patch: Values, handedOver: boolean): SealedClass[] =>
  shape.groups.filter((group) => handedOver || group.fields.some((field) => Object.hasOwn(patch, field))).map((group) => group.class)

/**
 * Changes the given fields of a record whose version is still `version`, and returns it as it is then. Groups that are not touched keep their envelopes,
 * unless store or owner change: then each is sealed anew, for which it is opened; what the actor's own view would not open is not returned for it.
 * Two statements in two flights. Throws `input_invalid`, `not_found`, `version_conflict`, `forbidden`, `envelope_invalid`, `open_budget`.
 */
export const changeRecord = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  id: string,
  version: number,
  input: unknown,
): Promise<AnyRow> => {
  const patch = requireInput(shape.entity, input, 'update')
  const stored = await lockRecord(session, scope, shape, id, version)
  const before = storedRule(stored)
  const old = openRow(shape, stored, null, [])
  const after = shape.parent ? before : ruleOfValues(shape, { ...old, ...patch })
  const subjects = shape.hasSubject ? [old.subject] : []
  const refused = refusedChange(scope, shape, patch, before, after, old)
  if (refused.length > 0) refuse(session, { action: 'update', entity: scope.entity, ids: [id], subjects, fields: refused })

  return writePatch(session, scope, shape, stored, patch)
}

/** Writes a patch that is allowed, over a record that is locked. */
const writePatch = async (session: WriteSession, scope: Scope, shape: Shape, stored: StoredRow, patch: Values): Promise<AnyRow> => {
  const before = storedRule(stored)
  const old = openRow(shape, stored, null, [])
  const after = shape.parent ? before : ruleOfValues(shape, { ...old, ...patch })
  const id = old.id
  const keys = await openKeysOf(session.broker, scope, shape, [stored])
  const key = keys.get(old.subject)
  const groups = touched(shape, patch, !isSameRule(before, after))
  const seen = groupsOf(shape, scope, { action: 'read' })
  const opened = openRow(shape, stored, keys, [...new Set([...groups, ...seen])])
  const row = setRuleRow({ ...opened, ...patch, version: old.version + 1, updatedAt: new Date().toISOString() }, after)
  const of = { shape, id, subject: old.subject, rule: after, parentId: parentIdOf(shape, row) }
  const envelopes = { ...storedEnvelopes(shape, stored), ...(key ? sealGroups(of, key, row, groups) : {}) }
  const fields = Object.keys(patch)
  const values = key ? { values: { key, before: picked(opened, fields), after: picked(row, fields) } } : {}
  await writeRecord(session, scope, shape, row, envelopes, { kind: 'update', fields, ...values })
  return withoutGroups(shape, row, [...seen, ...touched(shape, patch, false)])
}

/**
 * Gives a record without owner to the actor: a right of its own, beside handing over, which it does not need. Returns the record as it is then. Throws
 * `version_conflict` when somebody was faster, as for any change, and `not_found`, `forbidden`, `envelope_invalid`, `open_budget`.
 */
export const claimRecord = async (session: WriteSession, scope: Scope, shape: Shape, id: string, version: number): Promise<AnyRow> => {
  const { rowScope } = shape.entity
  const field = 'owner' in rowScope ? rowScope.owner : undefined
  if (field === undefined) throw new AppError('internal', { problem: 'nothing to own' })
  const stored = await lockRecord(session, scope, shape, id, version)
  const rule = storedRule(stored)
  const attempt = { action: 'update', entity: scope.entity, ids: [id], subjects: [stored['subject'] as number], fields: [field] } as const
  if (!satisfies(scope.actions.claim ?? none, rule) || stored['trashed_at'] !== null) refuse(session, attempt)
  if (rule.ownerId != null) throw new AppError('version_conflict', { current: stored['version'] as number })
  return writePatch(session, scope, shape, stored, { [field]: session.actor.staffId })
}

/**
 * Says what came of a record, by a right of its own: somebody who did the work may say so without changing what was agreed. `patchOf` sees all that is sealed
 * in the record: nothing of it may leave. Throws as `changeRecord` does.
 */
export const completeRecord = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  id: string,
  version: number,
  patchOf: (row: AnyRow) => Record<string, unknown>,
): Promise<AnyRow> => {
  const stored = await lockRecord(session, scope, shape, id, version)
  const subjects = [stored['subject'] as number]
  const keys = await openKeysOf(session.broker, scope, shape, [stored])
  const classes = shape.groups.map((group) => group.class)
  const patch = requireInput(shape.entity, patchOf(openRow(shape, stored, keys, classes)), 'update')
  if (!satisfies(scope.actions.complete ?? none, storedRule(stored)) || stored['trashed_at'] !== null)
    refuse(session, { action: 'update', entity: scope.entity, ids: [id], subjects, fields: Object.keys(patch) })
  return writePatch(session, scope, shape, stored, patch)
}

/** Returns some fields of a row; one that was not opened, or is not there, is null. */
export const picked = (row: AnyRow, fields: readonly string[]): Values =>
  Object.fromEntries(fields.map((field) => [field, row[field] ?? null]))

/** Returns the row without the sealed fields of all groups but these. */
const withoutGroups = (shape: Shape, row: AnyRow, kept: readonly SealedClass[]): AnyRow => {
  const dropped = shape.groups.filter((group) => !kept.includes(group.class)).flatMap((group) => group.fields)
  if (dropped.length === 0) return row
  return setRuleRow(Object.fromEntries(Object.entries(row).filter(([name]) => !dropped.includes(name))) as AnyRow, ruleRowOf(row))
}

/**
 * Puts a record in the trash, or takes it out; `right` is the one that this takes. Throws as `changeRecord` does, and `merged_away` for one to be taken out that
 * was merged into another.
 */
export const trashRecord = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  id: string,
  version: number,
  action: 'trash' | 'restore',
  right: Action = action,
): Promise<AnyRow> => {
  const stored = await lockRecord(session, scope, shape, id, version)
  const subjects = shape.hasSubject ? [stored['subject'] as number] : []
  if (!satisfies(scope.actions[right] ?? none, storedRule(stored))) refuse(session, { action, entity: scope.entity, ids: [id], subjects })
  // What it said is in the other now: taken out like this, its number would be there twice. To part them is to undo the merge.
  if (action === 'restore' && (await findMergedAway(session.client, [id])).size > 0) throw new AppError('merged_away')
  const keys = await openKeysOf(session.broker, scope, shape, [stored])
  const now = new Date().toISOString()
  const opened = openRow(
    shape,
    stored,
    keys,
    shape.groups.map((group) => group.class),
  )
  const row = setRuleRow(
    { ...opened, version: version + 1, updatedAt: now, trashedAt: action === 'trash' ? now : null },
    storedRule(stored),
  )
  await writeRecord(session, scope, shape, row, storedEnvelopes(shape, stored), { kind: action, fields: [] })
  return row
}

const writeRecord = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  row: AnyRow,
  envelopes: Envelopes,
  change: Pick<Change<OwnChange>, 'kind' | 'values'> & { fields: readonly string[] },
): Promise<void> => {
  const keys = shape.indexed.length > 0 ? await indexKeys(session.keyring) : []
  const subjects = shape.hasSubject ? [row.subject] : []
  const notes = await noteStatements(
    session,
    shape.hasSubject
      ? [{ ...change, shape, id: row.id, subject: row.subject, versionBefore: row.version - 1, versionAfter: row.version }]
      : [],
  )
  const [result] = await writeTogether(
    session,
    [
      {
        actor: session.actor,
        action: change.kind,
        entity: scope.entity,
        ids: [row.id],
        subjects,
        fields: change.fields,
        outcome: 'done',
        envelopes: hashEnvelopes(row.id, envelopes),
      },
    ],
    [
      {
        ...updateSql(shape),
        values: updateValues(shape, rowColumns(shape, row, envelopes, indexColumns(shape, keys, row)), row.version - 1),
      },
      ...notes,
    ],
  )
  // The row lock forbids it; should it ever happen, nothing is committed.
  if (result!.rowCount !== 1) throw new AppError('internal', { problem: 'locked record changed' })
}
