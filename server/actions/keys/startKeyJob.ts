import { AppError } from '../../../domain/errors.ts'
import type { JobKind } from '../../../domain/jobs/kinds.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { insertJob, isUnderWay } from '../../store/jobTable.ts'
import { countSealed } from '../../store/keyFacts.ts'
import { writeSetting } from '../../store/settings.ts'
import type { Parts } from '../parts.ts'

type KeyParts = Pick<Parts, 'pool' | 'keyring' | 'broker' | 'audit' | 'startJob'>
type KeyJob = {
  kind: Extract<JobKind, 'rotateEpoch' | 'reseal' | 'reindexExact' | 'verify'>
  action: 'key_rotate' | 'reseal' | 'index_rotate' | 'verify'
  total: number
  cursor: object
}

const begin = async (parts: KeyParts, actor: Actor, job: KeyJob): Promise<{ id: string }> => {
  const { kind, action, total, cursor } = job
  await parts.audit.append({ actor, action, entity: 'key', outcome: 'done' })
  const id = await insertJob(parts.pool, { kind, state: 'queued', total, cursor, startedBy: actor === systemActor ? null : actor.staffId })
  await parts.startJob(id)
  return { id }
}

const requireIdle = async ({ pool }: KeyParts): Promise<void> => {
  for (const kind of ['rotateEpoch', 'reseal', 'reindexExact'] as const)
    if (await isUnderWay(pool, kind)) throw new AppError('busy', { job: kind })
}

const count = async ({ pool }: KeyParts, sql: string, values: unknown[] = []): Promise<number> =>
  (await pool.query<{ n: number }>(sql, values)).rows[0]?.n ?? 0

/**
 * Adds an epoch and starts the job that moves every key under it; where a rotation before did not come to its end, that one is finished, or the keyring would
 * grow by an epoch with each try. Throws `busy` while another key job runs.
 */
export const startRotation = async (parts: KeyParts, actor: Actor): Promise<{ id: string }> => {
  await requireIdle(parts)
  const { keyring } = parts
  const isUnfinished = keyring.epochs().filter(({ destroyedAt }) => destroyedAt === null).length > 1
  const epoch = isUnfinished ? keyring.currentEpoch() : await keyring.addEpoch()
  const total = await count(parts, 'select count(*) as n from keys.data_key where epoch < $1', [epoch])
  return begin(parts, actor, { kind: 'rotateEpoch', action: 'key_rotate', total, cursor: { epoch } })
}

/** Makes the suite that of new keys, and starts sealing every customer anew in it. Throws `busy`. */
export const startReseal = async (parts: KeyParts, actor: Actor, suite: 1 | 2): Promise<{ id: string }> => {
  await requireIdle(parts)
  await writeSetting(parts.pool, 'suite', suite)
  parts.broker.useSuite(suite)
  const total = await count(
    parts,
    'select count(*) as n from keys.data_key k join customers c on c.subject = k.subject where k.suite <> $1',
    [suite],
  )
  return begin(parts, actor, { kind: 'reseal', action: 'reseal', total, cursor: { suite } })
}

/** Adds an index generation and starts filling it. Throws `busy`. */
export const startReindex = async (parts: KeyParts, actor: Actor): Promise<{ id: string }> => {
  await requireIdle(parts)
  await parts.keyring.addIndexGeneration()
  const total = await count(parts, 'select count(*) as n from customers')
  return begin(parts, actor, { kind: 'reindexExact', action: 'index_rotate', total, cursor: {} })
}

/** Starts comparing every sealed record with the audit log: for whoever may manage keys, and nightly for the product itself. Throws `busy`. */
export const startVerification = async (parts: KeyParts, actor: Actor): Promise<{ id: string }> => {
  if (await isUnderWay(parts.pool, 'verify')) throw new AppError('busy', { job: 'verify' })
  return begin(parts, actor, { kind: 'verify', action: 'verify', total: await countSealed(parts.pool), cursor: {} })
}
