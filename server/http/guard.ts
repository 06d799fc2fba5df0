import { timingSafeEqual } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { decide, hasDuty, type Scope } from '../../domain/policy/decide.ts'
import type { Session } from '../auth/session.ts'
import type { Phase } from './phase.ts'
import type { AnyRoute, Need } from './route.ts'

const isSame = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Refuses a write of a session without that session's token. Throws `csrf`. */
export const checkCsrf = (session: Session, header: unknown): void => {
  if (typeof header !== 'string' || !isSame(header, session.csrfToken)) throw new AppError('csrf')
}

/**
 * Refuses a program what is for people: a session's own routes, acts that want a factor shown afresh, and writes where its token may only read. Throws
 * `not_found`, `forbidden`.
 */
export const checkProgram = (route: Pick<AnyRoute, 'need' | 'method' | 'fresh' | 'programs'>, { program }: Session): void => {
  if (!program) return
  if (route.need === 'session' && !route.programs) throw new AppError('not_found')
  if (route.fresh || (program.readOnly && route.method !== 'GET')) throw new AppError('forbidden')
}

/** Refuses a session that is locked, or owes something first, where the route is not for such. Throws `locked`, `password_change_required`, `second_factor_required`. */
export const checkStanding = ({ admits = [] }: Pick<AnyRoute, 'admits'>, session: Session): void => {
  if (session.locked && !admits.includes('locked')) throw new AppError('locked')
  if (session.owes !== null && !admits.includes('owing'))
    throw new AppError(session.owes === 'password' ? 'password_change_required' : 'second_factor_required')
}

/** Refuses a route that does not exist in this phase. Throws `setup_required`, `setup_done` or `sealed`. */
export const checkPhase = (route: Pick<AnyRoute, 'phases'>, phase: Phase): void => {
  if (route.phases === 'any' || route.phases === phase) return
  if (phase === 'setup') throw new AppError('setup_required')
  if (phase === 'sealed') throw new AppError('sealed')
  if (route.phases === 'setup') throw new AppError('setup_done')
  if (route.phases === 'sealed') throw new AppError('not_found')
}

/**
 * Decides whether this session may use a route of this need, and returns the scope for a need that names an entity.
 * Throws `not_signed_in`; `not_found` where the entity or duty does not exist for the actor, as for a route that does not exist;
 * `forbidden` where rows exist for the actor but the action is not granted.
 */
export const admit = (need: Need, session: Session | null): Scope | null => {
  if (need === 'public' || need === 'setup' || need === 'local') return null
  if (!session) throw new AppError('not_signed_in')
  if (need === 'session') return null
  if ('duty' in need) {
    if (!hasDuty(session.actor, need.duty)) throw new AppError('not_found')
    return null
  }
  if ('anyDuty' in need) {
    if (!need.anyDuty.some((duty) => hasDuty(session.actor, duty))) throw new AppError('not_found')
    return null
  }
  const scope = decide(session.actor, need.entity)
  if (scope.rows.kind === 'none') throw new AppError('not_found')
  if (need.action !== undefined && (scope.actions[need.action] ?? { kind: 'none' }).kind === 'none') throw new AppError('forbidden')
  return scope
}
