import type { EntityName } from '../catalogue/all.ts'
import type { DataClass } from '../catalogue/field.ts'

/**
 * How far a right reaches, from narrow to wide. `own`: records the actor owns, or stands in for. `working`: those, and whoever the actor has an appointment
 * with today, one day either side (DESIGN 3, working set). `region`: the stores of the regions of the actor's stores.
 */
export const rowScopes = ['none', 'own', 'working', 'store', 'region', 'all'] as const
export type RowScope = (typeof rowScopes)[number]

/**
 * What may be done with a record as a whole. `handOver`: to give it another owner or store; `claim`: to take one that has no owner; `merge`: to make one of
 * several; `export`: to have it in a file that leaves; `complete`: to say what came of an appointment, without changing what was agreed.
 */
export const actions = [
  'create',
  'update',
  'trash',
  'restore',
  'erase',
  'import',
  'handOver',
  'claim',
  'merge',
  'export',
  'complete',
] as const
export type Action = (typeof actions)[number]

/** What may be done with a value without, or beside, displaying it (DESIGN 3, uses). */
export type Use = 'call' | 'message' | 'copy' | 'navigate'

/** Classes whose values a role may be given to write. A secret has a way of its own. */
export const writable = ['public', 'internal', 'personal', 'sensitive'] as const satisfies readonly DataClass[]
export type Writable = (typeof writable)[number]

/**
 * What one role may do with one entity. `rows`: the records that exist for it. `names`: where fields found by name are shown.
 * `personal`: where values of that class open unmasked; elsewhere within `rows` they are masked. `sensitive`: where such a value may be revealed,
 * always with a reason (DESIGN 3). What is not said is refused.
 */
export type Grant = {
  readonly rows: RowScope
  readonly names?: RowScope
  readonly personal?: RowScope
  readonly sensitive?: RowScope
  /** Where a condition on a value may be put, as far as the value is in sight. */
  readonly filter?: RowScope
  /** Where records may be ordered by a value; order shows itself among all rows, so it takes sight of all of them. */
  readonly sort?: RowScope
  /** Classes that may be written where `create` or `update` is granted. */
  readonly write?: readonly Writable[]
  readonly actions?: Partial<Record<Action, RowScope>>
  /** Where a masked value may be revealed, with a reason, within the role's daily budget. */
  readonly reveal?: RowScope
  readonly use?: RowScope
  /** Where personal values may leave in the clear, in a file of which the action `export` is granted; elsewhere they leave masked. */
  readonly export?: RowScope
}

/**
 * Acts that are about the installation rather than a record. `staff.manage`: accounts, their ways to sign in, their sessions. `access.manage`: who may what:
 * grants, roles, reviews, the security policy. `access.approve`: to let somebody else's export or emergency access through.
 */
export const duties = [
  'calls.take',
  'jobs.read',
  'jobs.manage',
  'keys.read',
  'keys.manage',
  'backup.manage',
  'staff.manage',
  'access.manage',
  'access.approve',
  'audit.read',
] as const
export type Duty = (typeof duties)[number]

/** What a role may do: plain data, so that browser and server decide alike. */
export type Role = {
  readonly entities: Partial<Record<EntityName, Grant>>
  readonly duties: readonly Duty[]
  /** Distinct customers a day whose masked details may be revealed (DESIGN 3: default 30). */
  readonly revealsPerDay: number
  /** Distinct subjects an hour whose keys may be opened, by any way (DESIGN 4). */
  readonly opensPerHour: number
}
