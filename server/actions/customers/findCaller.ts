import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { brief } from '../../../domain/policy/brief.ts'
import { callerScope } from '../../../domain/policy/callers.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { satisfies } from '../../../domain/policy/predicate.ts'
import { normalisePhone } from '../../../domain/text/phone.ts'
import { parentsOf } from '../../store/parentsOf.ts'
import { readRules, type RuledRow } from '../../store/readRules.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'

/** A customer whose number it is. `contact`: the name of the one of their people who has it; null where it is the customer's own. */
export type Caller = { id: string; name: string | null; storeId: string | null; ownerId: string | null; contact: string | null }

/** Whom a number belongs to. Of those outside the actor's rows no more than where the call is to go. */
export type FoundCaller = { phone: string; inside: Caller[]; outside: { storeId: string | null; ownerId: string | null }[] }

type Needs = Pick<Parts, 'records' | 'audit' | 'pool' | 'throttle'>

const nameOf = (view: unknown): string | null => {
  const { name } = view as { name?: unknown }
  return typeof name === 'string' ? name : null
}

const placesOf = (rows: readonly RuledRow[]): FoundCaller['outside'] => {
  const places = rows.map(({ storeId, ownerId }) => ({ storeId, ownerId }))
  return [...new Map(places.map((place) => [`${place.storeId} ${place.ownerId}`, place])).values()]
}

/** Customers of the number anywhere, by id, with the contact whose it is (null: their own). */
const holders = async ({ records, pool }: Needs, actor: Actor, phone: string): Promise<Map<string, string | null>> => {
  const ask = async (entity: 'customer' | 'contact'): Promise<string[]> =>
    (await records.findExact(callerScope(actor, entity), 'phones', [phone], { text: phone })).get(phone) ?? []
  const [own, contacts] = [await ask('customer'), await ask('contact')]
  const parents = contacts.length === 0 ? new Map<string, string>() : await parentsOf(pool, 'contact', contacts)
  return new Map<string, string | null>([
    ...[...parents].map(([contact, customer]) => [customer, contact] as const),
    ...own.map((id) => [id, null] as const),
  ])
}

/**
 * Returns whose a complete number is, in any spelling: within the actor's rows who it is, elsewhere only the store and the owner to pass the call to. Each
 * lookup is on record with the number (sealed) and everybody it found; those that find nobody of the actor's own, or somebody elsewhere, are counted, and wait from
 * the hundredth a day on, so that numbers cannot be tried through. Throws `input_invalid`, `throttled`.
 */
export const findCaller = async (parts: Needs, actor: Actor, given: string): Promise<FoundCaller> => {
  const phone = normalisePhone(given)
  if (!('e164' in phone)) throw new AppError('input_invalid', { problems: [{ field: 'phone', problem: 'bad_phone' }] })
  await parts.throttle.attempt('caller', actor.staffId).catch(async (error: unknown) => {
    await parts.audit.refused({ actor, action: 'search', entity: 'customer', fields: ['phones'], detail: { text: phone.e164 } })
    throw error
  })
  const found = await holders(parts, actor, phone.e164)
  const rules = await readRules(parts.pool, callerScope(actor, 'customer'), [...found.keys()])
  const live = rules.filter(({ trashedAt }) => trashedAt === null)
  const scope = brief(decide(actor, 'customer'))
  const isInside = (row: RuledRow): boolean => satisfies(scope.rows, row)
  const inside = live.filter(isInside)
  const outside = placesOf(live.filter((row) => !isInside(row)))
  // Who writes numbers to try into a customer of their own is told of others all the same, so that is counted.
  if (inside.length > 0 && outside.length === 0) await parts.throttle.giveBack('caller', actor.staffId)
  const look = { action: 'search', brief: true, detail: { text: phone.e164 } } as const
  const { rows } = await parts.records.getMany(
    scope,
    inside.map(({ id }) => id),
    look,
  )
  const people = brief(decide(actor, 'contact'))
  const contacts = await parts.records.getMany(
    people,
    rows.flatMap(({ id }) => found.get(id) ?? []),
    look,
  )
  const contactNames = new Map(contacts.rows.map((row) => [row.id, nameOf(viewOf(people, row))]))
  const placeOf = new Map(inside.map((row) => [row.id, row]))
  return {
    phone: phone.e164,
    inside: rows.map((row) => ({
      id: row.id,
      name: nameOf(viewOf(scope, row)),
      storeId: placeOf.get(row.id)?.storeId ?? null,
      ownerId: placeOf.get(row.id)?.ownerId ?? null,
      contact: contactNames.get(found.get(row.id) ?? '') ?? null,
    })),
    outside,
  }
}
