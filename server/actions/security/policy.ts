import type { Actor } from '../../../domain/policy/actor.ts'
import { readSecondFactor, type SecondFactorFor, writeSecondFactor } from '../../auth/secondFactor.ts'
import { readSetting } from '../../store/settings.ts'
import type { Parts } from '../parts.ts'

/** Returns for whom a second factor is asked. */
export const secondFactorFor = async ({ pool, macKey }: Pick<Parts, 'pool' | 'macKey'>): Promise<SecondFactorFor> =>
  readSecondFactor(await macKey(), await readSetting(pool, 'secondFactor'))

/** Says for whom a second factor is asked; on record. */
export const changeSecondFactor = async (
  parts: Pick<Parts, 'pool' | 'macKey' | 'audit'>,
  actor: Actor,
  who: SecondFactorFor,
): Promise<void> => {
  await writeSecondFactor(parts.pool, await parts.macKey(), who)
  await parts.audit.append({ actor, action: 'setting_change', entity: 'installation', fields: ['secondFactor', who], outcome: 'done' })
}
