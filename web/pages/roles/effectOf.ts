import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { type Actor, actorWith, type Standing } from '../../../domain/policy/actor.ts'
import { decide, hasDuty, revealsPerDay } from '../../../domain/policy/decide.ts'
import { covers, none, type Predicate } from '../../../domain/policy/predicate.ts'
import { type Action, actions, type Duty, duties } from '../../../domain/policy/role.ts'
import { entityOrder, type ReachRight } from './questions.ts'

/** One thing that somebody gains or loses; `entity` null: a duty, or the number of reveals a day. */
export type Effect =
  | { readonly entity: EntityName; readonly what: Exclude<ReachRight, 'export'> | 'exportOpen' | 'write' | Action; readonly gain: boolean }
  | { readonly entity: null; readonly what: Duty | 'revealsPerDay'; readonly gain: boolean }

const rightOfField = (field: Field): 'names' | 'personal' | null =>
  field.class === 'personal' ? (field.find.includes('name') ? 'names' : 'personal') : null

const moves = (before: Predicate, after: Predicate): boolean[] => [
  ...(covers(before, after) ? [] : [true]),
  ...(covers(after, before) ? [] : [false]),
]

const inEntity = (before: Actor, after: Actor, entity: EntityName): Effect[] => {
  const [was, is] = [decide(before, entity), decide(after, entity)]
  const rows = moves(was.rows, is.rows).map((gain): Effect => ({ entity, what: 'rows', gain }))
  // Who begins to see, or ceases to, gains or loses everything with it.
  if (rows.length > 0 && (was.rows.kind === 'none' || is.rows.kind === 'none')) return rows
  const fields = Object.entries(catalogue[entity].fields as Readonly<Record<string, Field>>).flatMap(([name, field]): Effect[] => {
    const [a, b] = [was.fields[name]!, is.fields[name]!]
    const read = rightOfField(field)
    const reveal = field.class === 'sensitive' ? 'sensitive' : 'reveal'
    return [
      ...(read ? moves(a.read, b.read).map((gain): Effect => ({ entity, what: read, gain })) : []),
      ...(field.class === 'personal' || field.class === 'sensitive' ? moves(a.reveal, b.reveal) : []).map((gain): Effect => ({
        entity,
        what: reveal,
        gain,
      })),
      ...(['use', 'filter', 'export', 'write'] as const).flatMap((right) =>
        moves(a[right], b[right]).map((gain): Effect => ({ entity, what: right === 'export' ? 'exportOpen' : right, gain })),
      ),
      ...(a.sort === b.sort ? [] : [{ entity, what: 'sort', gain: b.sort } as const]),
    ]
  })
  const acts = actions.flatMap((act) =>
    moves(was.actions[act] ?? none, is.actions[act] ?? none).map((gain): Effect => ({ entity, what: act, gain })),
  )
  return [...rows, ...fields, ...acts]
}

const nobody = { staffId: 'nobody', subject: 0, login: '' }

/**
 * Returns what somebody gains and loses when their standings change, each thing once: the same decision as the server's, taken for both. What another of
 * their roles gives them anyway is neither.
 */
export const effectOf = (before: readonly Standing[], after: readonly Standing[]): Effect[] => {
  const [was, is] = [actorWith(nobody, before), actorWith(nobody, after)]
  const all: Effect[] = [
    ...entityOrder.flatMap((entity) => inEntity(was, is, entity)),
    ...duties.flatMap((duty): Effect[] =>
      hasDuty(was, duty) === hasDuty(is, duty) ? [] : [{ entity: null, what: duty, gain: hasDuty(is, duty) }],
    ),
    ...(revealsPerDay(was) === revealsPerDay(is)
      ? []
      : [{ entity: null, what: 'revealsPerDay', gain: revealsPerDay(is) > revealsPerDay(was) } as const]),
  ]
  return [...new Map(all.map((one) => [`${one.entity}.${one.what}.${one.gain}`, one])).values()]
}
