import type pg from 'pg'
import type { Ground } from '../../domain/privacy/grounds.ts'
import type { Reason } from '../../domain/audit/reasons.ts'
import type { catalogue, EntityName } from '../../domain/catalogue/all.ts'
import type { Input, Patch, Row } from '../../domain/catalogue/entity.ts'
import { AppError } from '../../domain/errors.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import type { Audit } from '../audit/audit.ts'
import type { AuditEntry, Detail } from '../audit/entry.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { changeRecord, claimRecord, completeRecord, trashRecord } from './change.ts'
import { changeMany, type Outcome, type Verdict } from './changeMany.ts'
import { createRecords } from './create.ts'
import { type ErasureCertificate, eraseSubject } from './erase.ts'
import { findExact } from './findExact.ts'
import type { Look } from './look.ts'
import { mergeRecords, type Seen } from './mergeRecords.ts'
import { type Found, type Listed, type ListQuery, openReads } from './reads.ts'
import { refuse, type WriteSession } from './writeSession.ts'
import { shapeOf } from './shape.ts'
import { openSubjectNumbers } from './subjects.ts'
import { undoChanges, type Undone } from './undoChanges.ts'
import { inTransaction } from './transaction.ts'
import { verifyEnvelopes } from './verifyEnvelopes.ts'

/** A scope of an entity whose type is known. `decide` gives the plain one; name the entity where the row's type matters. */
export type ScopeOf<N extends EntityName> = Scope & { readonly entity: N }
export type RowOf<N extends EntityName> = Row<(typeof catalogue)[N]>
export type InputOf<N extends EntityName> = Input<(typeof catalogue)[N]>
export type PatchOf<N extends EntityName> = Patch<(typeof catalogue)[N]>

/** Records that were asked for together, and the ids of those that did not open. */
export type FoundOf<N extends EntityName> = Omit<Found, 'rows'> & { readonly rows: RowOf<N>[] }

/** The writes of one transaction. Everything is refused once the transaction has ended. */
export type Transaction = {
  /** Creates a record; checks, seals, indexes and audits it. Throws `input_invalid`, `forbidden`, `not_found` for a parent out of sight. */
  create<N extends EntityName>(scope: ScopeOf<N>, input: InputOf<N>): Promise<RowOf<N>>
  /**
   * Creates many records with a handful of statements: all or none. `details.index` of an error is the place in the batch. `dates`: when each came to
   * be, where that is not now.
   */
  createMany<N extends EntityName>(scope: ScopeOf<N>, inputs: readonly InputOf<N>[], dates?: readonly string[]): Promise<RowOf<N>[]>
  /** Changes fields of the record whose version is still `version`. Throws `version_conflict` with the current one. */
  change<N extends EntityName>(scope: ScopeOf<N>, id: string, version: number, patch: PatchOf<N>): Promise<RowOf<N>>
  /** Gives a record without owner to the actor. Throws `version_conflict` when it has one, or was changed. */
  claim<N extends EntityName>(scope: ScopeOf<N>, id: string, version: number): Promise<RowOf<N>>
  /** Says what came of a record, by the right to do that alone. `patchOf` sees all that is sealed in it: nothing of it may leave. */
  complete<N extends EntityName>(scope: ScopeOf<N>, id: string, version: number, patchOf: (row: RowOf<N>) => PatchOf<N>): Promise<RowOf<N>>
  trash<N extends EntityName>(scope: ScopeOf<N>, id: string, version: number): Promise<RowOf<N>>
  restore<N extends EntityName>(scope: ScopeOf<N>, id: string, version: number): Promise<RowOf<N>>
  /**
   * Locks those of the records that are in scope, asks `judge` what becomes of each, and does it where the scope allows: some statements per 100 records.
   * What cannot be done is said in the outcome and stops nothing else. `judge` sees all that is sealed in the record: nothing of it may leave.
   */
  changeMany<N extends EntityName>(
    scope: ScopeOf<N>,
    ids: readonly string[],
    judge: (row: RowOf<N>) => Verdict<PatchOf<N>>,
  ): Promise<Outcome[]>
  /**
   * Merges records about the same person into the first, which gets what `patchOf` makes of all of them, in the transaction of a job. `patchOf` sees all
   * that is sealed in them: nothing of it may leave. Throws `forbidden`, `version_conflict`, `not_found`, `envelope_invalid`.
   */
  merge<N extends EntityName>(
    scope: ScopeOf<N>,
    into: Seen,
    others: readonly Seen[],
    patchOf: (rows: readonly [RowOf<N>, ...RowOf<N>[]]) => PatchOf<N>,
  ): Promise<RowOf<N>>
  /**
   * Undoes the newest changes of a job that are not undone yet, below the place `before` in it: what nobody touched since, as far as the actor may. A
   * merge whole, or not at all: then throws `forbidden`, `not_undoable`, `envelope_invalid`.
   */
  undoChanges(job: string, before: number | null, limit: number): Promise<Undone>
  /** Destroys the key of the person and deletes what was sealed under it. */
  erase(scope: Scope, id: string, why?: { version?: number; reason?: Reason | Ground; detail?: Detail }): Promise<ErasureCertificate>
  /** Appends entries of other acts to this transaction. */
  audit(entries: readonly AuditEntry[]): Promise<void>
  /** Notes a refused attempt, which is recorded after the roll-back, and throws `forbidden`. */
  refuse(attempt: Omit<AuditEntry, 'outcome' | 'actor'>): never
  /** Plain SQL in the same transaction, for modules of the server that keep tables of their own (`auth`, `job`). */
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(sql: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult<R>>
}

/** The repository: the one gate for reads and writes of records. */
export type Records = {
  /**
   * Returns one record of the scope, trashed or not, opened as far as the look needs; audited before it is returned.
   * Throws `not_found` for what is absent or out of sight, `envelope_invalid` for a tampered, moved or replayed record, `open_budget`,
   * `audit_unavailable`; `forbidden` and `reason_required` for a reveal or use.
   */
  get<N extends EntityName>(scope: ScopeOf<N>, id: string, look?: Look): Promise<RowOf<N>>
  /**
   * Returns those of the records that are in scope, in the order of `ids`: one query, one audit entry. What was tampered with is named in `damaged` and
   * audited as a failed look: it does not take the others with it. Throws as `get` does, but for `envelope_invalid`.
   */
  getMany<N extends EntityName>(scope: ScopeOf<N>, ids: readonly string[], look?: Look): Promise<FoundOf<N>>
  /** Returns records by plain fields, for lists that need no search: timelines, directories. One query, one audit entry; damaged ones as in `getMany`. */
  list<N extends EntityName>(scope: ScopeOf<N>, query?: ListQuery, look?: Look): Promise<FoundOf<N> & Pick<Listed, 'more'>>
  /** Returns the ids of the records in which one of `values` is exactly the field's value, by value; audited as a search. */
  findExact(scope: Scope, field: string, values: readonly string[], detail?: Detail, parents?: boolean): Promise<Map<string, string[]>>
  /**
   * Runs `work` in one transaction. `position` is the id of its last audit entry (0 when it wrote none), for read-your-own-writes. With `job`, every
   * record created, changed, trashed or restored in it is noted for that job, so that undoing the job can put it back.
   */
  transaction<T>(actor: Actor, work: (tx: Transaction) => Promise<T>, options?: { job?: string }): Promise<{ value: T; position: number }>
  /** Compares the stored envelopes of records with their newest audit entries, without opening them, and returns those that differ. */
  verifyEnvelopes(entity: EntityName, ids: readonly string[]): Promise<{ id: string; groups: string[] }[]>
}

export type RecordsParts = { pool: pg.Pool; broker: KeyBroker; keyring: Keyring; audit: Audit }

const transactionOver = (session: WriteSession, open: () => boolean): Transaction => {
  const guarded =
    <A extends unknown[], R>(work: (...of: A) => Promise<R>) =>
    (...of: A): Promise<R> =>
      open() ? work(...of) : Promise.reject(new AppError('internal', { problem: 'transaction has ended' }))
  // The catalogue's types are erased here once: behind this line every entity is treated alike.
  return {
    create: guarded(async (scope: Scope, input: unknown) => (await createRecords(session, scope, shapeOf(scope.entity), [input]))[0]!),
    createMany: guarded((scope: Scope, inputs: readonly unknown[], dates?: readonly string[]) =>
      createRecords(session, scope, shapeOf(scope.entity), inputs, dates),
    ),
    change: guarded((scope: Scope, id: string, version: number, patch: unknown) =>
      changeRecord(session, scope, shapeOf(scope.entity), id, version, patch),
    ),
    claim: guarded((scope: Scope, id: string, version: number) => claimRecord(session, scope, shapeOf(scope.entity), id, version)),
    complete: guarded((scope: Scope, id: string, version: number, patchOf: Parameters<typeof completeRecord>[5]) =>
      completeRecord(session, scope, shapeOf(scope.entity), id, version, patchOf),
    ),
    trash: guarded((scope: Scope, id: string, version: number) => trashRecord(session, scope, shapeOf(scope.entity), id, version, 'trash')),
    restore: guarded((scope: Scope, id: string, version: number) =>
      trashRecord(session, scope, shapeOf(scope.entity), id, version, 'restore'),
    ),
    changeMany: guarded((scope: Scope, ids: readonly string[], judge: Parameters<typeof changeMany>[4]) =>
      changeMany(session, scope, shapeOf(scope.entity), ids, judge),
    ),
    merge: guarded((scope: Scope, into: Seen, others: readonly Seen[], patchOf: Parameters<typeof mergeRecords>[5]) =>
      mergeRecords(session, scope, shapeOf(scope.entity), into, others, patchOf),
    ),
    undoChanges: guarded((job: string, before: number | null, limit: number) => undoChanges(session, job, before, limit)),
    erase: guarded((scope: Scope, id: string, why: Parameters<typeof eraseSubject>[4] = {}) =>
      eraseSubject(session, scope, shapeOf(scope.entity), id, why),
    ),
    audit: guarded(async (entries: readonly AuditEntry[]) => {
      session.position = Math.max(session.position, ...(await session.audit.appendTo(session.client, entries)))
    }),
    refuse: (attempt: Omit<AuditEntry, 'outcome' | 'actor'>) => refuse(session, attempt),
    query: guarded((sql: string | pg.QueryConfig, values?: unknown[]) => session.client.query(sql, values)),
  } as unknown as Transaction
}

/** Opens the repository over the catalogue. */
export const openRecords = ({ pool, broker, keyring, audit }: RecordsParts): Records => {
  const takeSubjects = openSubjectNumbers(pool)
  const transaction = async <T>(
    actor: Actor,
    work: (tx: Transaction) => Promise<T>,
    { job = null }: { job?: string | null } = {},
  ): Promise<{ value: T; position: number }> => {
    const refused: WriteSession['refused'] = []
    const erased: number[] = []
    let open = true
    let position = 0
    try {
      const value = await inTransaction(pool, async (client) => {
        const session: WriteSession = { client, actor, job, broker, keyring, audit, takeSubjects, position: 0, refused, erased }
        try {
          return await work(transactionOver(session, () => open))
        } finally {
          open = false
          position = session.position
        }
      })
      for (const subject of erased) broker.forget(subject)
      if (position > 0) audit.committed()
      return { value, position }
    } catch (error) {
      for (const attempt of refused) await audit.refused(attempt)
      throw error
    }
  }
  const reads = openReads({ pool, broker, audit })
  return {
    get: reads.get,
    getMany: reads.getMany,
    list: reads.list,
    findExact: (scope, field, values, detail, parents) => findExact({ pool, keyring, audit }, scope, field, values, detail, parents),
    transaction,
    verifyEnvelopes: (entity, ids) => verifyEnvelopes(pool, entity, ids),
  } as Records
}
