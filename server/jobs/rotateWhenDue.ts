import { AppError } from '../../domain/errors.ts'
import { startRotation } from '../actions/keys/startKeyJob.ts'
import type { Parts } from '../actions/parts.ts'
import { systemActor } from '../audit/systemActor.ts'
import { newestJob } from '../store/jobTable.ts'
import { isRotationDue, isSweepDue } from './isDue.ts'

/**
 * Starts replacing the epoch keys in time for what certificates of erasure promise, or finishing a rotation that did not come to its end; at most once a
 * night. Returns the job, or null where none is due, or other work is on the keys: then an hour later. Throws `key_unavailable`.
 */
export const rotateWhenDue = async (parts: Parts, now: Date): Promise<string | null> => {
  await parts.keyring.reloadIfChanged() // another process may have rotated
  const live = parts.keyring.epochs().filter(({ destroyedAt }) => destroyedAt === null)
  const last = await newestJob(parts.pool, 'rotateEpoch')
  if (!isRotationDue(live[0]!.createdAt, now) || !isSweepDue(last?.createdAt ?? null, now)) return null
  try {
    return (await startRotation(parts, systemActor)).id
  } catch (error) {
    if (error instanceof AppError && error.code === 'busy') return null
    throw error
  }
}
