import { defaultLimits, type ExportLimits, limitFaults } from '../../../domain/export/limits.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { rowMac, verifyRowMac } from '../../crypto/mac.ts'
import { readSetting, writeSetting } from '../../store/settings.ts'
import type { Parts } from '../parts.ts'

type Stored = { readonly limits: ExportLimits; readonly mac: string }

const macOf = async ({ macKey }: Pick<Parts, 'macKey'>, limits: ExportLimits): Promise<Buffer> =>
  rowMac(await macKey(), 'setting/export', [JSON.stringify(limits)])

const plain = ({ threshold, rowsPerDay, rowsPerDayOf, filesPerDay }: ExportLimits): ExportLimits => ({
  threshold,
  rowsPerDay,
  rowsPerDayOf: Object.fromEntries(Object.entries(rowsPerDayOf).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  filesPerDay,
})

/** Returns what may leave here. A setting that was altered behind our back counts for nothing: then the product's own limits hold. */
export const readLimits = async (parts: Pick<Parts, 'pool' | 'macKey'>): Promise<ExportLimits> => {
  const stored = await readSetting<Stored>(parts.pool, 'export')
  if (!stored) return defaultLimits
  const limits = plain(stored.limits)
  const genuine = verifyRowMac(await parts.macKey(), 'setting/export', [JSON.stringify(limits)], Buffer.from(stored.mac, 'hex'))
  return genuine ? limits : defaultLimits
}

/** Sets what may leave here, on record. Throws `input_invalid` naming the limits that are out of range. */
export const writeLimits = async (parts: Pick<Parts, 'records' | 'macKey'>, actor: Actor, given: ExportLimits): Promise<ExportLimits> => {
  const faults = limitFaults(given)
  if (faults.length > 0) throw new AppError('input_invalid', { problems: faults.map((field) => ({ field, problem: 'range' })) })
  const limits = plain(given)
  const mac = (await macOf(parts, limits)).toString('hex')
  await parts.records.transaction(actor, async (tx) => {
    await writeSetting(tx, 'export', { limits, mac })
    await tx.audit([{ actor, action: 'export_limits', entity: 'installation', outcome: 'done' }])
  })
  return limits
}
