import { isDeepStrictEqual } from 'node:util'
import type { EntityName } from '../../domain/catalogue/all.ts'
import { decide, type Scope } from '../../domain/policy/decide.ts'
import { any, none } from '../../domain/policy/predicate.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { changeMany, type Outcome, type Verdict } from './changeMany.ts'
import { type ChangeKind, isOpenChange, openValues } from './jobChange.ts'
import { requireSeparable, requireWhole } from './undoMerge.ts'
import { undoMoves } from './undoMoves.ts'
import { isDamage } from './openEach.ts'
import type { AnyRow } from './openRows.ts'
import { allShapes, type Shape, shapeOf } from './shape.ts'
import type { WriteSession } from './writeSession.ts'

/**
 * What came of undoing one change. `why` of a record kept: `changed_since`, `added_to`, `erased`, `forbidden`, `not_found`, `damaged`; of one put back in
 * part only `changed_since`, with the fields that stay. `with`: nothing to do, it goes with the record above it.
 */
export type UndoneOne = {
  readonly id: string
  readonly entity: EntityName
  readonly outcome: 'undone' | 'partly' | 'kept' | 'with'
  readonly why?: string
  readonly fields?: readonly string[]
}

/** Some changes of a job, undone as far as it goes: `seen` of them, the oldest at place `last`; null when there are no more. */
export type Undone = { readonly seen: number; readonly last: number | null; readonly of: readonly UndoneOne[] }

/** A noted change, with what became of the next change of the same record in the same job. */
type Noted = {
  readonly seq: number
  readonly entity: EntityName
  readonly record: string
  readonly subject: number
  readonly kind: ChangeKind
  readonly versionBefore: number | null
  readonly versionAfter: number
  readonly fields: readonly string[]
  readonly sealed: Buffer | null
  readonly nextBefore: number | null
  readonly nextUndone: string | null
  readonly nextVersion: number | null
}

const newest = `select c.seq, c.entity, c.record, c.subject, c.kind, c.version_before as "versionBefore", c.version_after as "versionAfter", c.fields,
    c.sealed_before as sealed, n.version_before as "nextBefore", n.undone as "nextUndone", n.version_undone as "nextVersion"
  from job_change c left join lateral (select * from job_change n where n.subject = c.subject and n.job = c.job and n.record = c.record and n.seq > c.seq
    order by n.seq limit 1) n on true
  where c.job = $1 and ${isOpenChange} and ($2::bigint is null or c.seq < $2) order by c.seq desc limit $3`

const forgetMerged = 'delete from merged where job = $1 and record = any($2::uuid[])'

const isMove = ({ kind }: Noted): boolean => kind === 'move'

const mark = `update job_change c set undone = t.undone, version_undone = t.version
  from unnest($2::bigint[], $3::text[], $4::integer[]) as t (seq, undone, version) where c.job = $1 and c.seq = t.seq`

/** The version a record has if nobody but the job, and this undoing of it, has written it since the change; null when somebody has. */
const untouchedVersion = ({ versionAfter, nextBefore, nextUndone, nextVersion }: Noted): number | null => {
  if (nextBefore === null) return versionAfter
  return nextUndone === 'done' && nextBefore === versionAfter ? nextVersion : null
}

/** A list as it is without what the job added and with what it took out; null when somebody has changed just that since. */
const unmerge = (now: readonly unknown[], before: readonly unknown[], after: readonly unknown[]): unknown[] | null => {
  const has = (list: readonly unknown[], one: unknown): boolean => list.some((other) => isDeepStrictEqual(other, one))
  const added = after.filter((one) => !has(before, one))
  const removed = before.filter((one) => !has(after, one))
  if (added.length + removed.length === 0) return null
  if (!added.every((one) => has(now, one)) || removed.some((one) => has(now, one))) return null
  return [...now.filter((one) => !has(added, one)), ...removed]
}

type Plan = { readonly verdict: Verdict; readonly stays: readonly string[] }

// A note that was altered behind our back must not keep the others from being undone.
const valuesOf = (job: string, change: Noted, key: DataKey): ReturnType<typeof openValues> | null => {
  try {
    return openValues(key, { ...change, job }, change.sealed ?? Buffer.alloc(0))
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

const putBack = (job: string, change: Noted, row: AnyRow, key: DataKey): Plan => {
  const noted = valuesOf(job, change, key)
  if (!noted) return { verdict: { keep: 'damaged' }, stays: [] }
  const { before, after } = noted
  const patch: Record<string, unknown> = {}
  const stays: string[] = []
  for (const field of change.fields) {
    const [now, was, became] = [row[field] ?? null, before[field] ?? null, after[field] ?? null]
    if (isDeepStrictEqual(now, was)) continue
    const merged = isDeepStrictEqual(now, became)
      ? was
      : Array.isArray(now) && Array.isArray(was) && Array.isArray(became)
        ? unmerge(now, was, became)
        : null
    if (merged === null && !isDeepStrictEqual(now, became)) stays.push(field)
    else patch[field] = merged
  }
  if (Object.keys(patch).length > 0) return { verdict: { patch }, stays }
  return { verdict: { keep: stays.length > 0 ? 'changed_since' : 'unchanged' }, stays }
}

const planOf = (
  job: string,
  change: Noted,
  row: AnyRow,
  key: DataKey,
  addedTo: ReadonlySet<string>,
  goesWith: ReadonlySet<string>,
): Plan => {
  const keep = (why: string): Plan => ({ verdict: { keep: why }, stays: [] })
  // Moved to another person since: what was noted is sealed for the one before.
  if (row.subject !== change.subject) return keep('changed_since')
  // Without its newer change it cannot be judged what the record held after this one: whoever may undo that undoes this too.
  if (change.nextUndone === 'kept:forbidden') return keep('forbidden')
  const untouched = row.version === untouchedVersion(change)
  switch (change.kind) {
    case 'update':
      return putBack(job, change, row, key)
    case 'trash':
      return { verdict: { move: 'restore' }, stays: [] }
    case 'restore':
      return { verdict: { move: 'trash' }, stays: [] }
    case 'move':
      return keep('internal') // undoMoves does these
    case 'create':
      if (row.trashedAt !== null) return keep('unchanged')
      if (!untouched) return keep('changed_since')
      if (goesWith.has(change.record)) return keep('with')
      return addedTo.has(change.record) ? keep('added_to') : { verdict: { move: 'trash' }, stays: [] }
  }
}

/** Returns those of the created records below which something stands that the job did not put there, or that was changed since. */
const findAddedTo = async (session: WriteSession, job: string, shape: Shape, ids: readonly string[]): Promise<Set<string>> => {
  const added = new Set<string>()
  for (const child of ids.length === 0 ? [] : allShapes().filter((one) => one.parent?.shape === shape)) {
    const { rows } = await session.client.query<{ id: string }>(
      `select distinct c.${child.parent!.column} as id from ${child.table} c where c.${child.parent!.column} = any($1::uuid[]) and c.trashed_at is null
         and not exists (select from job_change j where j.subject = c.subject and j.job = $2 and j.record = c.id and j.kind = 'create' and j.undone = 'done')`,
      [ids, job],
    )
    for (const { id } of rows) added.add(id)
  }
  return added
}

/** Returns those of the created records whose parent the same job created: they go into the trash with it, and come back with it. */
const findGoingWith = async (session: WriteSession, job: string, shape: Shape, ids: readonly string[]): Promise<Set<string>> => {
  if (!shape.parent || ids.length === 0) return new Set()
  const { rows } = await session.client.query<{ id: string }>(
    `select c.id from ${shape.table} c join ${shape.parent.shape.table} p on p.id = c.${shape.parent.column}
       join job_change j on j.subject = p.subject and j.job = $2 and j.record = p.id and j.kind = 'create'
     where c.id = any($1::uuid[])`,
    [ids, job],
  )
  return new Set(rows.map(({ id }) => id))
}

// A record below another has no trash right of its own yet: who may trash the one above may take back what a job hung there.
const scopeFor = (session: WriteSession, shape: Shape, ofMerge: boolean): Scope => {
  const scope: Scope = decide(session.actor, shape.name)
  // Who may merge a record may take it out of the trash into which the merge put it.
  if (ofMerge && scope.actions.merge)
    return { ...scope, actions: { ...scope.actions, restore: any([scope.actions.restore ?? none, scope.actions.merge]) } }
  const above = shape.parent ? decide(session.actor, shape.parent.shape.name).actions : {}
  return {
    ...scope,
    actions: { ...(above.trash ? { trash: above.trash } : {}), ...(above.restore ? { restore: above.restore } : {}), ...scope.actions },
  }
}

const isMerge = async (session: WriteSession, job: string): Promise<boolean> =>
  (await session.client.query("select from job where id = $1 and kind = 'merge'", [job])).rowCount === 1

const findErased = async (session: WriteSession, subjects: readonly number[]): Promise<Set<number>> => {
  if (subjects.length === 0) return new Set()
  const { rows } = await session.client.query<{ subject: number }>(
    'select subject from keys.tombstone where subject = any($1::integer[])',
    [subjects],
  )
  return new Set(rows.map(({ subject }) => subject))
}

const outcomeOf = ({ record, entity }: Noted, { kept }: Outcome, stays: readonly string[], erased: boolean): UndoneOne => {
  const one = { id: record, entity }
  if (kept === null)
    return stays.length > 0 ? { ...one, outcome: 'partly', why: 'changed_since', fields: stays } : { ...one, outcome: 'undone' }
  if (kept === 'unchanged') return { ...one, outcome: 'undone' }
  if (kept === 'with') return { ...one, outcome: 'with' }
  return { ...one, outcome: 'kept', why: kept === 'not_found' && erased ? 'erased' : kept, ...(stays.length > 0 ? { fields: stays } : {}) }
}

const undoMoved = async (session: WriteSession, job: string, shape: Shape, changes: readonly Noted[]): Promise<UndoneOne[]> => {
  if (changes.length === 0) return []
  const back = await undoMoves(session, job, shape, changes)
  await session.client.query(mark, [
    job,
    changes.map(({ seq }) => seq),
    changes.map(({ record }) => (back.has(record) ? 'done' : 'kept:erased')),
    changes.map(() => null),
  ])
  return changes.map(({ record, entity }) =>
    back.has(record) ? { id: record, entity, outcome: 'undone' } : { id: record, entity, outcome: 'kept', why: 'erased' },
  )
}

const undoOf = async (
  session: WriteSession,
  job: string,
  shape: Shape,
  changes: readonly Noted[],
  ofMerge: boolean,
): Promise<UndoneOne[]> => {
  if (changes.length === 0) return []
  const created = changes.filter(({ kind }) => kind === 'create').map(({ record }) => record)
  const addedTo = await findAddedTo(session, job, shape, created)
  const goesWith = await findGoingWith(session, job, shape, created)
  const byRecord = new Map(changes.map((change) => [change.record, change]))
  const versions = new Map<string, number>()
  const stays = new Map<string, readonly string[]>()
  const outcomes = await changeMany(session, scopeFor(session, shape, ofMerge), shape, [...byRecord.keys()], (row, key) => {
    const plan = planOf(job, byRecord.get(row.id)!, row, key, addedTo, goesWith)
    versions.set(row.id, row.version)
    stays.set(row.id, plan.stays)
    return plan.verdict
  })
  const gone = outcomes.filter(({ kept }) => kept === 'not_found').map(({ id }) => byRecord.get(id)!.subject)
  const erased = await findErased(session, gone)
  const undone = outcomes.map((outcome) => {
    const change = byRecord.get(outcome.id)!
    return outcomeOf(change, outcome, stays.get(outcome.id) ?? [], erased.has(change.subject))
  })
  const isDone = (one: UndoneOne): boolean => one.outcome === 'undone' || one.outcome === 'with'
  await session.client.query(mark, [
    job,
    outcomes.map(({ id }) => byRecord.get(id)!.seq),
    undone.map((one) => (isDone(one) ? 'done' : one.outcome === 'partly' ? 'partly' : `kept:${one.why}`)),
    // What the record is now, where nobody else had a hand in it: the change before this one looks for it.
    outcomes.map(({ id, version }) => (versions.get(id) === untouchedVersion(byRecord.get(id)!) ? version : null)),
  ])
  return undone
}

/** Returns the changes up to the second one of a record: each record once, since its older change is judged by what its newer one left. */
const eachOnce = (changes: readonly Noted[]): Noted[] => {
  const seen = new Set<string>()
  const until = changes.findIndex(({ record }) => seen.size === seen.add(record).size)
  return until < 0 ? [...changes] : changes.slice(0, until)
}

const undoEach = async (session: WriteSession, job: string, changes: readonly Noted[], ofMerge: boolean): Promise<UndoneOne[]> => {
  const of: UndoneOne[] = []
  // What stands below another record first: whether something was added to that one is asked afterwards.
  const entities = [...new Set(changes.map(({ entity }) => entity))].map((entity) => shapeOf(entity))
  for (const shape of entities.toSorted((a, b) => Number(b.parent !== null) - Number(a.parent !== null))) {
    const ofShape = changes.filter(({ entity }) => entity === shape.name)
    const own = ofShape.filter((change) => !isMove(change))
    of.push(...(await undoMoved(session, job, shape, ofShape.filter(isMove))), ...(await undoOf(session, job, shape, own, ofMerge)))
  }
  return of
}

/** Undoes a merge as it was made: all of it, or by an error nothing. */
const undoMerge = async (session: WriteSession, job: string, changes: readonly Noted[]): Promise<UndoneOne[]> => {
  await requireSeparable(session, job)
  const of = await undoEach(session, job, changes, true)
  requireWhole(session, changes, of)
  await session.client.query(forgetMerged, [job, of.flatMap(({ id, outcome }) => (outcome === 'undone' ? [id] : []))])
  return of
}

/**
 * Undoes the newest changes of a job below the place `before` in it, at most `limit`, in the transaction of the session and under its actor's rights: a
 * changed field gets back what it held, if it still holds what the job wrote; of a list only what the job added or took out; a created record nobody
 * changed or added to since goes into the trash; a move into the trash or out of it is reversed. Each change is marked with what came of it, so that it is
 * done once; one that the actor may not reverse can be undone by somebody else. What somebody did since is never lost. A merge is undone whole, whatever
 * the limit. Throws what `changeMany` throws; for a merge `forbidden`, `not_undoable`, `envelope_invalid`.
 */
export const undoChanges = async (session: WriteSession, job: string, before: number | null, limit: number): Promise<Undone> => {
  const ofMerge = await isMerge(session, job)
  const { rows } = await session.client.query<Noted>(newest, [job, before, ofMerge ? null : limit])
  const changes = ofMerge ? rows : eachOnce(rows)
  const of = changes.length === 0 ? [] : ofMerge ? await undoMerge(session, job, changes) : await undoEach(session, job, changes, false)
  return { seen: changes.length, last: changes.at(-1)?.seq ?? null, of }
}
