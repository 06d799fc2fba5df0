import { AppError } from '../../domain/errors.ts'
import type { Session } from './session.ts'

/** Throws `step_up_required` unless the session's holder has just shown who they are. Until sessions know that, nobody has. */
export const requireFresh = (_session: Session): void => {
  throw new AppError('step_up_required')
}
