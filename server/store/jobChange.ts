import type { DataKey } from '../crypto/dataKey.ts'
import { openEnvelope, type Place, sealEnvelope } from '../crypto/envelope.ts'
import { AppError } from '../../domain/errors.ts'
import type { Queryable } from './database.ts'
import { arrayLiteral } from './entitySql.ts'
import type { Values } from './seal.ts'
import type { Shape } from './shape.ts'
import { statement } from './statement.ts'
import type { WriteSession } from './writeSession.ts'

/** Whether a change `c` can still be undone: nobody has tried, or only somebody to whom it was refused, or out of whose reach it was. */
export const isOpenChange = `(c.undone is null or c.undone in ('kept:forbidden', 'kept:not_found'))`

/** What a job did to a record. `move`: hung it below another. */
export type ChangeKind = 'create' | 'update' | 'trash' | 'restore' | 'move'

/** What a job did to the record itself, and not to where it hangs. */
export type OwnChange = Exclude<ChangeKind, 'move'>

/** One change of one record, as the job that made it notes it. `values` of an update: what stood in the changed fields before and after, and under which key to seal it. */
export type Change<K extends ChangeKind = ChangeKind> = {
  readonly shape: Shape
  readonly id: string
  readonly subject: number
  readonly kind: K
  readonly versionBefore: number | null
  readonly versionAfter: number
  readonly values?: { readonly key: DataKey; readonly before: Values; readonly after: Values }
}

/** Where a change's envelope belongs: it opens for no other job, place in the job, record, person, kind or versions. */
export type ChangePlace = {
  readonly job: string
  readonly seq: number
  readonly entity: string
  readonly record: string
  readonly subject: number
  readonly kind: string
  readonly versionBefore: number | null
  readonly versionAfter: number
}

const placeOf = ({ job, seq, entity, record, subject, kind, versionBefore, versionAfter }: ChangePlace): Place => ({
  entity: `job_change/${entity}`,
  recordId: record,
  subject,
  group: `${job}/${seq}/${kind}/${versionBefore ?? ''}/${versionAfter}`,
})

const sealValues = (key: DataKey, at: ChangePlace, schemaVersion: number, content: { before: Values; after: Values }): Buffer => {
  const plaintext = Buffer.from(JSON.stringify(content), 'utf8')
  const envelope = sealEnvelope(key, placeOf(at), schemaVersion, plaintext)
  plaintext.fill(0)
  return envelope
}

/** Opens what stood in the changed fields before and after. Throws `envelope_invalid` for a row that was altered or moved. */
export const openValues = (
  key: DataKey,
  at: ChangePlace,
  envelope: Uint8Array,
): { before: Values; after: Values; schemaVersion: number } => {
  const { plaintext, schemaVersion } = openEnvelope(key, placeOf(at), envelope)
  const content = JSON.parse(plaintext.toString('utf8')) as { before: Values; after: Values }
  plaintext.fill(0)
  return { ...content, schemaVersion }
}

const take = statement('update job set changes = changes + $2 where id = $1 returning changes')
const insert =
  statement(`insert into job_change (job, seq, entity, record, subject, kind, version_before, version_after, fields, sealed_before)
  select $1, t.seq, t.entity, t.record, t.subject, t.kind, t.version_before, t.version_after, t.fields::text[], t.sealed
  from unnest($2::bigint[], $3::text[], $4::uuid[], $5::integer[], $6::text[], $7::integer[], $8::integer[], $9::text[], $10::bytea[])
    as t (seq, entity, record, subject, kind, version_before, version_after, fields, sealed)`)

/**
 * Returns the statement that notes changes for the transaction's job, to be sent in one flight with the changes themselves; none where the transaction
 * notes nothing. Takes the places in the job first, in the order given: one statement, which also locks the job until the end of the transaction.
 */
export const noteStatements = async (
  session: WriteSession,
  changes: readonly Change[],
): Promise<{ name: string; text: string; values: unknown[] }[]> => {
  const { job } = session
  if (job === null || changes.length === 0) return []
  const { rows } = await session.client.query<{ changes: number }>({ ...take, values: [job, changes.length] })
  if (!rows[0]) throw new AppError('internal', { problem: 'no such job' })
  const first = rows[0].changes - changes.length + 1
  const sealed = changes.map(({ shape, id, values, ...change }, i) =>
    values
      ? sealValues(values.key, { ...change, job, seq: first + i, entity: shape.name, record: id }, shape.entity.schemaVersion, {
          before: values.before,
          after: values.after,
        })
      : null,
  )
  return [
    {
      ...insert,
      values: [
        job,
        changes.map((_, i) => first + i),
        changes.map(({ shape }) => shape.name),
        changes.map(({ id }) => id),
        changes.map(({ subject }) => subject),
        changes.map(({ kind }) => kind),
        changes.map(({ versionBefore }) => versionBefore),
        changes.map(({ versionAfter }) => versionAfter),
        changes.map(({ values }) => arrayLiteral(Object.keys(values?.after ?? {}))),
        sealed,
      ],
    },
  ]
}

/** Returns the statement that deletes what jobs noted about persons: an erasure leaves nothing of them. */
export const forgetChanges = (subjects: readonly number[]) => ({
  ...statement('delete from job_change where subject = any($1::integer[])'),
  values: [subjects],
})

type Noted = ChangePlace & { readonly sealed: Buffer }
const notedOf = `select job, seq, entity, record, subject, kind, version_before as "versionBefore", version_after as "versionAfter",
  sealed_before as sealed from job_change where subject = $1 and sealed_before is not null for update`

/** Seals what jobs noted about a person anew, when that person gets another data key. Throws `envelope_invalid`. */
export const resealChanges = async (client: Queryable, subject: number, from: DataKey, to: DataKey): Promise<void> => {
  const { rows } = await client.query<Noted>(notedOf, [subject])
  for (const { sealed, ...at } of rows) {
    const { schemaVersion, ...content } = openValues(from, at, sealed)
    const envelope = sealValues(to, at, schemaVersion, content)
    await client.query('update job_change set sealed_before = $3 where job = $1 and seq = $2', [at.job, at.seq, envelope])
  }
}

const expireSome = `delete from job_change c using (select c.job, c.seq from job_change c join job j on j.id = c.job
    where j.finished_at < now() - make_interval(days => $1)
      and not exists (select from job u where u.undoes = j.id and u.state in ('queued', 'running', 'paused')) limit 5000) old
  where c.job = old.job and c.seq = old.seq`

/** Deletes what jobs noted that ended more than `days` ago and are not just being undone, some thousand rows at a time; returns how many. */
export const expireChanges = async (client: Queryable, days: number): Promise<number> => {
  let gone = 0
  for (;;) {
    const { rowCount } = await client.query(expireSome, [days])
    gone += rowCount ?? 0
    if (!rowCount) return gone
  }
}
