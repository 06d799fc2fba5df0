import type { Actor } from '../../domain/policy/actor.ts'
import { decide, hasDuty } from '../../domain/policy/decide.ts'
import type { Predicate } from '../../domain/policy/predicate.ts'
import type { IconName } from '../ui/Icon.tsx'

export type Place = {
  to: string
  words:
    | 'day'
    | 'customers'
    | 'imports'
    | 'keys'
    | 'backups'
    | 'audit'
    | 'erasures'
    | 'jobs'
    | 'pool'
    | 'duplicates'
    | 'exports'
    | 'people'
    | 'handovers'
    | 'reviews'
    | 'emergencies'
    | 'programs'
    | 'dengbao'
  icon: IconName
  group: 'work' | 'guard'
}

const isSome = (rule: Predicate | undefined): boolean => rule !== undefined && rule.kind !== 'none'

/** Whether the pages of staff and roles exist for this person. */
export const seesPeople = (actor: Actor): boolean =>
  (['staff.manage', 'access.manage', 'audit.read'] as const).some((duty) => hasDuty(actor, duty))

/** Returns the places that exist for this person, in order. A place that would refuse them is not named. */
export const placesFor = (actor: Actor): Place[] => {
  const customers = decide(actor, 'customer')
  const hasDay = decide(actor, 'appointment').rows.kind !== 'none'
  const places: (Place | false)[] = [
    // Who takes no customers down lives by the day; to the others it is one place among several.
    hasDay && !isSome(customers.actions.create) && { to: '/day', words: 'day', icon: 'calendar', group: 'work' },
    customers.rows.kind !== 'none' && { to: '/customers', words: 'customers', icon: 'people', group: 'work' },
    hasDay && isSome(customers.actions.create) && { to: '/day', words: 'day', icon: 'calendar', group: 'work' },
    isSome(customers.actions.claim) && { to: '/pool', words: 'pool', icon: 'exit', group: 'work' },
    isSome(customers.actions.handOver) && { to: '/handovers', words: 'handovers', icon: 'swap', group: 'work' },
    isSome(customers.actions.merge) && { to: '/duplicates', words: 'duplicates', icon: 'copy', group: 'work' },
    isSome(customers.actions.import) && { to: '/imports', words: 'imports', icon: 'upload', group: 'work' },
    (isSome(customers.actions.export) || hasDuty(actor, 'access.approve')) && {
      to: '/exports',
      words: 'exports',
      icon: 'download',
      group: 'work',
    },
    seesPeople(actor) && { to: '/people', words: 'people', icon: 'staff', group: 'guard' },
    (hasDuty(actor, 'access.manage') || hasDuty(actor, 'audit.read')) && { to: '/reviews', words: 'reviews', icon: 'eye', group: 'guard' },
    (['access.approve', 'access.manage', 'audit.read'] as const).some((duty) => hasDuty(actor, duty)) && {
      to: '/emergencies',
      words: 'emergencies',
      icon: 'warn',
      group: 'guard',
    },
    seesPeople(actor) && { to: '/programs', words: 'programs', icon: 'globe', group: 'guard' },
    hasDuty(actor, 'keys.read') && { to: '/keys', words: 'keys', icon: 'key', group: 'guard' },
    hasDuty(actor, 'keys.read') && { to: '/backups', words: 'backups', icon: 'backup', group: 'guard' },
    hasDuty(actor, 'audit.read') && { to: '/audit', words: 'audit', icon: 'log', group: 'guard' },
    hasDuty(actor, 'audit.read') && { to: '/erasures', words: 'erasures', icon: 'shield', group: 'guard' },
    (hasDuty(actor, 'access.manage') || hasDuty(actor, 'audit.read')) && {
      to: '/dengbao',
      words: 'dengbao',
      icon: 'check',
      group: 'guard',
    },
    (hasDuty(actor, 'jobs.read') || isSome(customers.actions.update)) && { to: '/jobs', words: 'jobs', icon: 'jobs', group: 'guard' },
  ]
  return places.filter((place): place is Place => place !== false)
}
