import { AppError } from '../../../domain/errors.ts'
import type { DuplicateWay } from '../../../domain/import/mergeImported.ts'
import type { ConsentChannel } from '../../../domain/import/readConsent.ts'
import type { BasisId, SourceId } from '../../../domain/import/readSource.ts'
import { none, satisfies } from '../../../domain/policy/predicate.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { moveJob, readJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'
import { openOwners, ownerRefused } from '../records/owners.ts'
import { importOf, type ImportStatus, statusOf } from './importOf.ts'
import { mappedFields } from './mappedFields.ts'
import type { ImportSettings } from './readImport.ts'

export type StartImport = {
  mapping: Record<string, string | null>
  storeId: string
  ownerId?: string | null
  onDuplicate: DuplicateWay
  source?: SourceId | null
  basis?: BasisId | null
  consentChannels?: ConsentChannel[]
  dryRun?: boolean
}

/** What the worker goes by. */
export type ImportTask = ImportSettings & {
  readonly storeId: string
  readonly ownerId: string | null
  readonly onDuplicate: DuplicateWay
  /** What counts for every row that says nothing of its own. */
  readonly source?: SourceId | null
  readonly basis?: BasisId | null
  readonly consentChannels?: readonly ConsentChannel[]
  /** Counts what would become of the rows, and writes nothing. */
  readonly isDryRun?: boolean
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

// Before the file is read: a place that does not exist would else fail the job in its first batch.
const requirePlace = async (parts: Pick<Parts, 'pool' | 'actors'>, storeId: string, ownerId: string | null): Promise<void> => {
  const sql = 'select 1 from stores where id = $1 and trashed_at is null'
  const there = uuid.test(storeId) && (await parts.pool.query(sql, [storeId])).rowCount === 1
  if (!there) throw new AppError('input_invalid', { problems: [{ field: 'storeId', problem: 'bad_reference' }] })
  const owners = openOwners(parts, 'customer')
  await owners.know([ownerId])
  const fault = owners.faultOf({ storeId, ownerId })
  if (fault) throw ownerRefused(fault)
}

/**
 * Starts a staged import with the columns as the person confirmed them. A second start of the same import changes nothing.
 * Throws `not_found`, `staging_expired`, `input_invalid` (`owner_elsewhere` for an owner who would not see the customers), `forbidden` where the actor may not import to.
 */
export const startImport = async (
  parts: Pick<Parts, 'staging' | 'pool' | 'actors' | 'startJob' | 'audit'>,
  scope: Scope,
  id: string,
  told: StartImport,
): Promise<ImportStatus> => {
  const { actor } = scope
  const job = await importOf(parts, actor, id)
  const ownerId = told.ownerId ?? null
  for (const right of [scope.actions.import, scope.actions.create]) {
    if (!satisfies(right ?? none, { storeId: told.storeId, ownerId })) throw new AppError('forbidden', { field: 'storeId' })
  }
  if (job.state !== 'staged') return statusOf(job)
  await requirePlace(parts, told.storeId, ownerId)
  const { wrapped, settings } = job.cursor as { wrapped?: unknown; settings: ImportSettings }
  const fields = await mappedFields(parts, id, wrapped, settings, told.mapping)
  const task: ImportTask = {
    ...settings,
    fields,
    storeId: told.storeId,
    ownerId,
    onDuplicate: told.onDuplicate,
    source: told.source ?? null,
    basis: told.basis ?? null,
    consentChannels: told.consentChannels ?? [],
    isDryRun: told.dryRun ?? false,
  }
  await parts.audit.append({ actor, action: 'job_start', entity: 'job', ids: [id], outcome: 'done' })
  if (await moveJob(parts.pool, id, ['staged'], 'queued', { cursor: { wrapped, task } })) await parts.startJob(id)
  return statusOf((await readJob(parts.pool, id)) ?? job)
}
