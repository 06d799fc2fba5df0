import type { Reason } from '../../../domain/audit/reasons.ts'
import type { EntityName } from '../../../domain/catalogue/all.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { revealsPerDay } from '../../../domain/policy/decide.ts'
import type { Duty } from '../../../domain/policy/role.ts'
import { instantIn, localTimeIn, shopZone } from '../../../domain/text/zonedTime.ts'
import { tellHolders } from '../../auth/tellHolders.ts'
import type { Parts } from '../parts.ts'

/** How many times its budget a role may reveal in a day at the very most, each beyond the budget with fresh proof of who asks (DESIGN 3). Own choice. */
export const ceilingFactor = 3

const running = new Map<string, Promise<unknown>>()

// One reveal of an actor after the other: two at once would both find the last place free. Nodes beside count from the same log.
const oneByOne = <T>(staffId: string, work: () => Promise<T>): Promise<T> => {
  const next = (running.get(staffId) ?? Promise.resolve()).catch(() => {}).then(work)
  running.set(staffId, next)
  void next.catch(() => {}).finally(() => running.get(staffId) === next && running.delete(staffId))
  return next
}

const startOfDay = (): string => instantIn(shopZone, { ...localTimeIn(shopZone, new Date()), hour: 0, minute: 0 }).toISOString()

const entriesAtOnce = 500

/**
 * Returns the numbers of the people of whom this actor has revealed something since the shop's midnight, by the audit log: it survives restarts. All of the
 * day's entries are read: else looking at one person again and again would push the others out of the count.
 */
const revealedToday = async (audit: Parts['audit'], actor: Actor): Promise<Set<number>> => {
  const subjects = new Set<number>()
  const filter = { actions: ['reveal'], from: startOfDay(), limit: entriesAtOnce }
  for (let before: number | undefined; ;) {
    const entries = await audit.entriesOfActor(actor.staffId, { ...filter, ...(before === undefined ? {} : { before }) })
    for (const entry of entries) if (entry.outcome === 'done') for (const subject of entry.subjects) subjects.add(subject)
    before = entries.at(-1)?.entryId
    if (entries.length < entriesAtOnce) return subjects
  }
}

/** What is about to be seen, and of whom. `requireFresh` throws `step_up_required` unless who asks has just shown who they are; absent outside a session. */
export type Spending = {
  readonly actor: Actor
  readonly entity: EntityName
  readonly id: string
  readonly subject: number
  readonly fields: readonly string[]
  readonly reason: Reason
  readonly requireFresh?: (() => void | Promise<void>) | undefined
}

const neverFresh = (): never => {
  throw new AppError('step_up_required')
}

const guardians: readonly Duty[] = ['access.manage', 'audit.read']

/** Tells those who watch over access that somebody goes past their budget; never of whom, which is in the log. */
const tellGuardians = ({ actors, pool }: Pick<Parts, 'actors' | 'pool'>, actor: Actor, count: number): Promise<void> => {
  return tellHolders(pool, actors, guardians, { except: actor.staffId, kind: 'over_budget', detail: { by: actor.staffId, count } })
}

/**
 * Does `work`, which reveals and leaves a `reveal` entry, within the actor's budget of distinct people a day, and returns what it returned and how many more
 * may be revealed today. Past the budget it takes fresh proof of who asks, stands in the log as `over_budget` and is told to who watches over access, up to `ceilingFactor` times the budget. Throws
 * `step_up_required`, `reveal_budget` (recorded), and as `work` does.
 */
export const withinBudget = <T>(
  { audit, actors, pool }: Pick<Parts, 'audit' | 'actors' | 'pool'>,
  { actor, entity, id, subject, fields, reason, requireFresh = neverFresh }: Spending,
  work: () => Promise<T>,
): Promise<{ value: T; remaining: number }> =>
  oneByOne(actor.staffId, async () => {
    const limit = revealsPerDay(actor)
    const before = await revealedToday(audit, actor)
    if (!before.has(subject) && before.size >= limit) {
      const attempt = { actor, entity, ids: [id], subjects: [subject], fields, reason }
      if (before.size >= limit * ceilingFactor) {
        await audit.refused({ ...attempt, action: 'reveal' })
        throw new AppError('reveal_budget', { limit: limit * ceilingFactor })
      }
      await requireFresh()
      await audit.append({ ...attempt, action: 'over_budget', outcome: 'done' })
      await tellGuardians({ actors, pool }, actor, before.size + 1)
    }
    const value = await work()
    return { value, remaining: Math.max(0, limit - before.add(subject).size) }
  })
