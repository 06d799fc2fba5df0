import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Parts } from '../parts.ts'
import { importOf } from './importOf.ts'
import type { ImportSettings } from './readImport.ts'

/** Returns how this actor's list, which waits to be started, is read. Throws `not_found`, `input_invalid` once it was started, `staging_expired`. */
export const stagedImportOf = async (
  parts: Pick<Parts, 'pool'>,
  actor: Actor,
  id: string,
): Promise<{ wrapped: string; settings: ImportSettings }> => {
  const job = await importOf(parts, actor, id)
  const { wrapped, settings } = job.cursor as { wrapped?: string; settings?: ImportSettings }
  if (job.state !== 'staged' || !settings) throw new AppError('input_invalid', { problem: 'started' })
  if (wrapped === undefined) throw new AppError('staging_expired')
  return { wrapped, settings }
}
