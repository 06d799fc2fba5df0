import type { KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import type { Audit } from '../audit/audit.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type pg from 'pg'
import type { Queryable } from '../store/database.ts'
import { statement } from '../store/statement.ts'
import { actorColumns, type ActorRow, type Actors, isActing } from './actors.ts'
import type { Challenges } from './challenges.ts'
import type { Devices } from './devices.ts'
import type { Identities } from './identities.ts'
import type { OneTimeCodes } from './oneTimeCodes.ts'
import type { Passkeys } from './passkeys.ts'
import { looksLikeRecoveryCode, type RecoveryCodes } from './recoveryCodes.ts'
import type { Factors, Method } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Throttle } from './throttle.ts'

/** What signing in, stepping up and unlocking work with. */
export type AuthParts = {
  readonly pool: pg.Pool
  readonly broker: KeyBroker
  readonly macKey: () => Promise<KeyObject>
  readonly audit: Audit
  readonly actors: Actors
  readonly sessions: Sessions
  readonly throttle: Throttle
  readonly devices: Devices
  readonly challenges: Challenges
  readonly passkeys: Passkeys
  readonly oneTimeCodes: OneTimeCodes
  readonly recoveryCodes: RecoveryCodes
  readonly identities: Identities
}

const factorsQuery = statement(`select exists (select from auth.credential where staff_id = $1) as password,
  exists (select from auth.passkey where staff_id = $1) as passkey, exists (select from auth.totp where staff_id = $1) as code`)

/** Returns which factors an account has. */
export const factorsOf = async (client: Queryable, staffId: string): Promise<Factors> =>
  (await client.query<Factors>({ ...factorsQuery, values: [staffId] })).rows[0]!

/** Whether an account has a second factor. */
export const hasSecondFactor = ({ passkey, code }: Factors): boolean => passkey || code

/** Returns the ways an account can show who holds it, strongest first; a recovery code stands in for what is not at hand. */
export const methodsOf = (factors: Factors): string[] =>
  hasSecondFactor(factors) ? [...(factors.passkey ? ['passkey'] : []), ...(factors.code ? ['code'] : []), 'recovery'] : ['password']

const byId = statement(`select ${actorColumns} from staff st where st.id = $1 and ${isActing}`)

/** Returns the row an actor is made of, or null for somebody who may not act any more. */
export const actorRowOf = async (client: Queryable, staffId: string): Promise<ActorRow | null> =>
  (await client.query<ActorRow>({ ...byId, values: [staffId] })).rows[0] ?? null

/** Judges a code of an app or a recovery code. Returns how it counts, or null where it is wrong, used before, or not theirs. */
export const judgeCode = async (
  parts: Pick<AuthParts, 'oneTimeCodes' | 'recoveryCodes'>,
  person: { staffId: string; subject: number },
  given: string,
): Promise<'password+code' | 'password+recovery' | null> => {
  const code = given.normalize('NFKC').replaceAll(/\s/g, '')
  if (/^\d{6}$/.test(code)) return (await parts.oneTimeCodes.accept(person, code)) === 'right' ? 'password+code' : null
  return looksLikeRecoveryCode(code) && (await parts.recoveryCodes.use(person.staffId, code)) ? 'password+recovery' : null
}

/**
 * Asks for the second factor of an account whose password was right. Returns how it was shown. Throws `code_required` naming the ways there are,
 * `code_wrong`.
 */
export const requireSecond = async (
  parts: AuthParts,
  person: { staffId: string; subject: number },
  code: string | undefined,
): Promise<Method> => {
  const factors = await factorsOf(parts.pool, person.staffId)
  if (!hasSecondFactor(factors)) return 'password'
  if (code === undefined || code.trim() === '') throw new AppError('code_required', { methods: methodsOf(factors) })
  const method = await judgeCode(parts, person, code)
  if (!method) throw new AppError('code_wrong')
  return method
}
