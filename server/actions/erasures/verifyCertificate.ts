import type { Actor } from '../../../domain/policy/actor.ts'
import { findErasures } from '../../audit/erasures.ts'
import type { Parts } from '../parts.ts'
import { isSealed } from './certificateSeal.ts'

/** `seal`: not made here, or changed since; `log`: the log does not hold the entries it names, with these hashes; `format`: not a certificate. */
export type CertificateProblem = 'format' | 'seal' | 'log'

/**
 * Checks a certificate that somebody brings: its seal, and its entries against the log as it is now. Returns the problems; none means that this
 * installation issued it as it is and the log still says so. Asking is an entry itself.
 */
export const verifyCertificate = async (
  { pool, audit, macKey }: Pick<Parts, 'pool' | 'audit' | 'macKey'>,
  actor: Actor,
  brought: Readonly<Record<string, unknown>>,
): Promise<{ genuine: boolean; problems: CertificateProblem[] }> => {
  const { seal, ...statement } = brought
  const { subject, audit: named } = statement
  if (typeof subject !== 'number' || !Number.isSafeInteger(subject) || subject < 1 || subject > 0x7fff_ffff || !Array.isArray(named))
    return { genuine: false, problems: ['format'] }
  await audit.append({ actor, action: 'audit_read', entity: 'key', subjects: [subject], outcome: 'done' })
  const [found] = await findErasures(pool, { subject, limit: 1 })
  const inLog = (found?.entries ?? []).map((entry) => `${entry.idx} ${entry.leafHash.toString('hex')}`)
  const claimed = named.map((one: unknown) => {
    const { index, leafSha256 } = (one ?? {}) as { index?: unknown; leafSha256?: unknown }
    return typeof index === 'number' && typeof leafSha256 === 'string' ? `${index} ${leafSha256}` : ''
  })
  const problems: CertificateProblem[] = [
    ...(isSealed(await macKey(), statement, seal) ? [] : ['seal' as const]),
    ...(inLog.length > 0 && inLog.join() === claimed.join() ? [] : ['log' as const]),
  ]
  return { genuine: problems.length === 0, problems }
}
