import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { readRecord } from './readRecord.ts'

const currents = new WeakMap<AppError, View<Entity>>()

/** The record as it now is, for the problem document of a `version_conflict`; undefined for other refusals. */
export const currentOf = (error: AppError): View<Entity> | undefined => currents.get(error)

/**
 * Runs a write; when somebody else was faster, reads the record as it now is (under the scope, audited) and hands it out with the refusal, so that
 * the client can show both versions.
 */
export const withCurrent = async <T>(parts: Pick<Parts, 'records'>, scope: Scope, id: string, write: () => Promise<T>): Promise<T> => {
  try {
    return await write()
  } catch (error) {
    if (error instanceof AppError && error.code === 'version_conflict') currents.set(error, await readRecord(parts, scope, id))
    throw error
  }
}
