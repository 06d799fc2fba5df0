import { AppError } from '../../../domain/errors.ts'
import { setPin } from '../../auth/pins.ts'
import type { Session } from '../../auth/session.ts'
import type { Parts } from '../parts.ts'

/** Sets the actor's PIN on the device they sit at, or takes it away (null). Throws `input_invalid`, `not_found` where there is no device. */
export const changePin = async (parts: Parts, { actor, deviceId }: Session, pin: string | null): Promise<void> => {
  if (deviceId === null) throw new AppError('not_found')
  await setPin(parts, deviceId, actor.staffId, pin)
  await parts.audit.append({
    actor,
    action: pin === null ? 'factor_remove' : 'factor_add',
    entity: 'staff',
    ids: [actor.staffId, deviceId],
    fields: ['pin'],
    outcome: 'done',
  })
}
