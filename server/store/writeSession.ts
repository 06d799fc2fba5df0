import type pg from 'pg'
import type { Keyring } from '../crypto/keyring.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { AppError } from '../../domain/errors.ts'
import type { Audit } from '../audit/audit.ts'
import type { AuditEntry } from '../audit/entry.ts'

/** What the writes of one transaction share. */
export type WriteSession = {
  readonly client: pg.PoolClient
  readonly actor: Actor
  /** The job whose changes these are: each is noted, so that it can be undone. Null where nothing is noted. */
  readonly job: string | null
  readonly broker: KeyBroker
  readonly keyring: Keyring
  readonly audit: Audit
  readonly takeSubjects: (count: number) => Promise<number[]>
  /** Id of the newest audit entry of the transaction, 0 before the first. */
  position: number
  /** Attempts that policy refused: recorded once everything else is rolled back. */
  readonly refused: Omit<AuditEntry, 'outcome'>[]
  /** Subjects whose keys are to be dropped from memory once the transaction has committed. */
  readonly erased: number[]
}

/**
 * Sends statements and the audit entries that stand for them in one flight, and returns the statements' results. Everything that waits has happened
 * before: once the first is sent nothing can come between, so no entry is written without its change or after a rollback.
 */
export const writeTogether = async (
  session: WriteSession,
  entries: readonly AuditEntry[],
  statements: readonly { name: string; text: string; values: unknown[] }[],
): Promise<pg.QueryResult[]> => {
  const prepared = await session.audit.prepare(entries)
  const sent = statements.map((statement) => session.client.query(statement))
  const appended = session.audit.appendPrepared(session.client, prepared)
  const [ids, ...results] = await settle([appended, ...sent])
  session.position = Math.max(session.position, ...(ids as number[]))
  return results as pg.QueryResult[]
}

// Waits for all, so that nothing is under way when a failure is handled, and throws what failed first on the wire: the rest only says "aborted".
const settle = async (work: readonly Promise<unknown>[]): Promise<unknown[]> => {
  const ends = await Promise.allSettled(work)
  const failures = ends.filter((end) => end.status === 'rejected').map((end) => end.reason as { code?: unknown })
  if (failures.length > 0) throw failures.find((failure) => failure.code !== '25P02') ?? failures[0]
  return ends.map((end) => (end as PromiseFulfilledResult<unknown>).value)
}

/** Notes a refused attempt and throws `forbidden`; `why` is for whoever has words for it. */
export const refuse = (session: WriteSession, attempt: Omit<AuditEntry, 'outcome' | 'actor'>, why?: string): never => {
  session.refused.push({ ...attempt, actor: session.actor })
  throw new AppError('forbidden', { action: attempt.action, fields: [...(attempt.fields ?? [])], ...(why === undefined ? {} : { why }) })
}
