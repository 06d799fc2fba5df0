import type { Reason } from '../../domain/audit/reasons.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { decide } from '../../domain/policy/decide.ts'
import type { Parts } from '../actions/parts.ts'
import { readRecord } from '../actions/records/readRecord.ts'
import { revealFields } from '../actions/records/revealFields.ts'
import { useField } from '../actions/records/useField.ts'
import type { Draft } from './makeCustomers.ts'
import type { Random } from './random.ts'

const reasons: readonly Reason[] = ['call_back', 'visit', 'quote', 'complaint', 'correction']

/**
 * Lets every consultant open a few customers, call some of their own, and look up a colleague's for a reason: so that the log and the privacy lens of a
 * demo have something to show. Far below anybody's budget for the day.
 */
export const workADay = async (
  parts: Parts,
  random: Random,
  actors: readonly Actor[],
  drafts: readonly Draft[],
  ids: readonly string[],
): Promise<void> => {
  for (const [i, actor] of actors.entries()) {
    if (!actor.roles.includes('salesConsultant')) continue
    const scope = decide(actor, 'customer')
    const there = drafts.flatMap(({ isTrashed, owner, store }, place) => (isTrashed ? [] : [{ id: ids[place]!, owner, store }]))
    const own = there.filter(({ owner }) => owner === i)
    const others = there.filter(({ owner, store }) => owner !== i && own.some((mine) => mine.store === store))
    for (let n = 0; n < 3 && own.length > 0; n += 1) {
      const { id } = random.pick(own)
      await readRecord(parts, scope, id)
      if (random.chance(0.6)) await useField(parts, scope, id, { field: 'phones', index: 0, use: random.pick(['call', 'message']) })
    }
    if (others.length > 0) await revealFields(parts, scope, random.pick(others).id, { fields: ['phones'], reason: random.pick(reasons) })
  }
}
