import { AppError } from '../../../domain/errors.ts'
import { isImportField } from './isImportField.ts'
import { none, satisfies } from '../../../domain/policy/predicate.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { parseFile } from '../../parse/parseFile.ts'
import { moveJob, readJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'
import { columnNames } from './columnNames.ts'
import { importOf, type ImportStatus, statusOf } from './importOf.ts'
import type { ImportSettings } from './readImport.ts'

export type StartImport = {
  mapping: Record<string, string | null>
  storeId: string
  ownerId?: string | null
  onDuplicate: 'skip' | 'create'
}

/** What the worker goes by. */
export type ImportTask = ImportSettings & {
  readonly storeId: string
  readonly ownerId: string | null
  readonly onDuplicate: 'skip' | 'create'
}

const headerOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string[]> => {
  for await (const event of parseFile({ kind: 'csv', options: { limitRows: 1 }, bytes })) if (event.type === 'header') return event.columns
  return []
}

const fieldsOf = (names: readonly string[], mapping: StartImport['mapping']): ImportSettings['fields'] => {
  const strange = Object.keys(mapping).find((name) => !names.includes(name))
  if (strange !== undefined) throw new AppError('input_invalid', { problems: [{ field: 'mapping', problem: 'unknown_key' }] })
  return names.map((name) => {
    const field = mapping[name] ?? null
    if (field !== null && !isImportField(field))
      throw new AppError('input_invalid', { problems: [{ field: 'mapping', problem: 'not_an_option' }] })
    return field
  })
}

/**
 * Starts a staged import with the columns as the person confirmed them. A second start of the same import changes nothing.
 * Throws `not_found`, `staging_expired`, `input_invalid`, `forbidden` where the actor may not import to.
 */
export const startImport = async (
  parts: Pick<Parts, 'staging' | 'pool' | 'startJob' | 'audit'>,
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
  if (job.state !== 'paused') return statusOf(job)
  const { wrapped, settings } = job.cursor as { wrapped?: unknown; settings: ImportSettings }
  const file = await parts.staging.read(id, wrapped)
  const fields = settings.kind === 'csv' ? fieldsOf(columnNames(await headerOf(file), settings.headerIsData), told.mapping) : null
  file.destroy()
  const task: ImportTask = { ...settings, fields, storeId: told.storeId, ownerId, onDuplicate: told.onDuplicate }
  const { rowCount } = await parts.pool.query('select 1 from stores where id = $1 and trashed_at is null', [told.storeId])
  if (rowCount !== 1) throw new AppError('input_invalid', { problems: [{ field: 'storeId', problem: 'bad_reference' }] })
  await parts.audit.append({ actor, action: 'job_start', entity: 'job', ids: [id], outcome: 'done' })
  if (await moveJob(parts.pool, id, ['paused'], 'queued', { cursor: { wrapped, task } })) await parts.startJob(id)
  return statusOf((await readJob(parts.pool, id)) ?? job)
}
