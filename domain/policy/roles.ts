import type { EntityName } from '../catalogue/all.ts'

export const roleIds = ['owner', 'storeManager', 'salesConsultant', 'auditor'] as const
export type RoleId = (typeof roleIds)[number]

/** How far a right reaches, from narrow to wide. `own`: records the actor owns. `region`: the stores of the regions of the actor's stores. */
export type RowScope = 'none' | 'own' | 'store' | 'region' | 'all'

/** What may be done with a record as a whole. `handOver`: to give it another owner or store; `claim`: to take one that has no owner; `merge`: to make one of several. */
export type Action = 'create' | 'update' | 'trash' | 'restore' | 'erase' | 'import' | 'handOver' | 'claim' | 'merge'

/** What may be done with a value without, or beside, displaying it (DESIGN 3, uses). */
export type Use = 'call' | 'message' | 'copy' | 'navigate'

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
  readonly actions?: Partial<Record<Action, RowScope>>
  /** Where a masked value may be revealed, with a reason, within the role's daily budget. */
  readonly reveal?: RowScope
  readonly use?: RowScope
}

/** Acts that are about the installation rather than a record. */
export type Duty =
  | 'audit.read'
  | 'keys.read'
  | 'keys.manage'
  | 'staff.manage'
  | 'jobs.read'
  | 'jobs.manage'
  | 'backup.manage'
  | 'calls.take'

export type Role = {
  readonly entities: Partial<Record<EntityName, Grant>>
  readonly duties: readonly Duty[]
  /** Distinct customers a day whose masked details may be revealed (DESIGN 3: default 30). */
  readonly revealsPerDay: number
  /** Distinct subjects an hour whose keys may be opened, by any way (DESIGN 4). */
  readonly opensPerHour: number
}

const directory = { rows: 'all', names: 'all', personal: 'all' } as const satisfies Grant

/** The roles shipped so far (DESIGN 6). The auditor reads the log and no customer. */
export const roles: Readonly<Record<RoleId, Role>> = {
  owner: {
    entities: {
      customer: {
        rows: 'all',
        names: 'all',
        personal: 'own',
        sensitive: 'none',
        actions: {
          create: 'all',
          update: 'all',
          trash: 'all',
          restore: 'all',
          erase: 'all',
          import: 'all',
          handOver: 'all',
          claim: 'all',
          merge: 'all',
        },
        reveal: 'all',
        use: 'all',
      },
      contact: {
        rows: 'all',
        names: 'all',
        personal: 'own',
        actions: { create: 'all', update: 'all', trash: 'all', restore: 'all', erase: 'all' },
        reveal: 'all',
        use: 'all',
      },
      consent: { rows: 'all', personal: 'own', actions: { create: 'all' }, reveal: 'all' },
      interaction: { rows: 'all', personal: 'own', actions: { create: 'all', update: 'own' }, reveal: 'all' },
      store: { rows: 'all', actions: { create: 'all', update: 'all' } },
      staff: { ...directory, actions: { create: 'all', update: 'all' } },
    },
    duties: ['audit.read', 'keys.read', 'keys.manage', 'staff.manage', 'jobs.read', 'jobs.manage', 'backup.manage', 'calls.take'],
    revealsPerDay: 100,
    opensPerHour: 5_000,
  },
  storeManager: {
    entities: {
      customer: {
        rows: 'store',
        names: 'store',
        personal: 'own',
        actions: {
          create: 'store',
          update: 'store',
          trash: 'store',
          restore: 'store',
          import: 'store',
          handOver: 'store',
          claim: 'store',
          merge: 'store',
        },
        reveal: 'store',
        use: 'store',
      },
      contact: {
        rows: 'store',
        names: 'store',
        personal: 'own',
        actions: { create: 'store', update: 'store', trash: 'store', restore: 'store' },
        reveal: 'store',
        use: 'store',
      },
      consent: { rows: 'store', personal: 'own', actions: { create: 'store' }, reveal: 'store' },
      interaction: { rows: 'store', personal: 'own', actions: { create: 'store', update: 'own' }, reveal: 'store' },
      store: { rows: 'all' },
      staff: directory,
    },
    duties: ['jobs.read', 'calls.take'],
    revealsPerDay: 60,
    opensPerHour: 3_000,
  },
  salesConsultant: {
    entities: {
      customer: {
        rows: 'store',
        names: 'store',
        personal: 'own',
        actions: { create: 'store', update: 'own', claim: 'store', merge: 'own' },
        reveal: 'store',
        use: 'store',
      },
      contact: {
        rows: 'store',
        names: 'store',
        personal: 'own',
        actions: { create: 'own', update: 'own', trash: 'own', restore: 'own' },
        reveal: 'store',
        use: 'store',
      },
      consent: { rows: 'store', personal: 'own', actions: { create: 'store' }, reveal: 'store' },
      interaction: { rows: 'store', personal: 'own', actions: { create: 'store', update: 'own' }, reveal: 'store' },
      store: { rows: 'all' },
      staff: directory,
    },
    duties: ['calls.take'],
    revealsPerDay: 30,
    opensPerHour: 1_500,
  },
  auditor: {
    entities: { store: { rows: 'all' }, staff: directory },
    duties: ['audit.read', 'keys.read', 'jobs.read'],
    revealsPerDay: 0,
    opensPerHour: 500,
  },
}
