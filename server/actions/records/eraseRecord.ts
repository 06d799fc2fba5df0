import type { Ground } from '../../../domain/privacy/grounds.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { ErasureCertificate } from '../../store/erase.ts'
import type { Parts } from '../parts.ts'
import { withCurrent } from './conflicts.ts'

/** Destroys the key of the person a record is about; returns the certificate. The free text of the reason is sealed in the log. */
export const eraseRecord = async (
  parts: Pick<Parts, 'records'>,
  scope: Scope,
  id: string,
  act: { version: number; reason: string; ground?: Ground },
): Promise<{ certificate: ErasureCertificate; position: number }> => {
  const write = () =>
    parts.records.transaction(scope.actor, (tx) =>
      tx.erase(scope, id, { version: act.version, reason: act.ground ?? 'other', detail: { note: act.reason } }),
    )
  const { value, position } = await withCurrent(parts, scope, id, write)
  return { certificate: value, position }
}
