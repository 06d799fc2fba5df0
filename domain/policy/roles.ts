import type { Grant, Role, RowScope, Writable } from './role.ts'

/** The roles shipped (DESIGN 6). The last three follow 三员分立: who administers reads no customers, who grants does not administer, who audits does neither. */
export const roleIds = [
  'owner',
  'storeManager',
  'salesConsultant',
  'installer',
  'customerService',
  'marketing',
  'finance',
  'securityOfficer',
  'auditor',
  'systemAdministrator',
] as const
export type RoleId = (typeof roleIds)[number]

const ordinary: readonly Writable[] = ['public', 'internal', 'personal']

/** Sees the names of a stretch, opens whom they work with, reveals and uses the rest of it. */
const colleagues = (reach: RowScope): Grant => ({
  rows: reach,
  names: reach,
  personal: 'working',
  filter: reach,
  sort: reach,
  reveal: reach,
  use: reach,
})

/** Makes, moves and cancels the appointments of a stretch: one calendar for all who share a counter. */
const appointments = (reach: RowScope): Grant => ({
  ...colleagues(reach),
  write: ordinary,
  actions: { create: reach, update: reach, complete: reach },
})

const directory: Pick<Role['entities'], 'store' | 'staff'> = {
  store: { rows: 'all', filter: 'all', sort: 'all' },
  staff: { rows: 'all', names: 'all', personal: 'all', filter: 'all', sort: 'all' },
}

/** The entities around a customer, for who runs a stretch of the business. */
const running = (reach: RowScope, erase: RowScope): Role['entities'] => ({
  customer: {
    ...colleagues(reach),
    write: ordinary,
    export: reach,
    actions: {
      create: reach,
      update: reach,
      trash: reach,
      restore: reach,
      erase,
      import: reach,
      handOver: reach,
      claim: reach,
      merge: reach,
      export: reach,
    },
  },
  contact: {
    ...colleagues(reach),
    write: ordinary,
    export: reach,
    actions: { create: reach, update: reach, trash: reach, restore: reach, erase, export: reach },
  },
  consent: { ...colleagues(reach), write: ordinary, export: reach, actions: { create: reach, export: reach } },
  interaction: { ...colleagues(reach), write: ordinary, actions: { create: reach, update: 'own' } },
  appointment: appointments(reach),
})

export const roles: Readonly<Record<RoleId, Role>> = {
  owner: {
    entities: {
      ...running('all', 'all'),
      store: { ...directory.store!, write: ordinary, actions: { create: 'all', update: 'all' } },
      staff: { ...directory.staff!, write: ordinary, actions: { create: 'all', update: 'all' } },
    },
    duties: [
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
    ],
    revealsPerDay: 100,
    opensPerHour: 5_000,
  },
  storeManager: {
    entities: { ...directory, ...running('store', 'none') },
    duties: ['calls.take', 'jobs.read', 'access.approve'],
    revealsPerDay: 60,
    opensPerHour: 3_000,
  },
  salesConsultant: {
    entities: {
      ...directory,
      customer: {
        ...colleagues('store'),
        write: ordinary,
        actions: { create: 'store', update: 'own', claim: 'store', merge: 'own' },
      },
      contact: {
        ...colleagues('store'),
        write: ordinary,
        actions: { create: 'own', update: 'own', trash: 'own', restore: 'own' },
      },
      consent: { ...colleagues('store'), write: ordinary, actions: { create: 'store' } },
      interaction: { ...colleagues('store'), write: ordinary, actions: { create: 'store', update: 'own' } },
      appointment: appointments('store'),
    },
    duties: ['calls.take'],
    revealsPerDay: 30,
    opensPerHour: 1_500,
  },
  // Knows whom today's work is for, and nobody else.
  installer: {
    entities: {
      ...directory,
      customer: { ...colleagues('working'), sensitive: 'working' },
      contact: colleagues('working'),
      interaction: { ...colleagues('working'), write: ordinary, actions: { create: 'working' } },
      // Says what came of it. Who could move one to tomorrow, day after day, would keep the customer in sight for ever.
      appointment: { ...colleagues('working'), actions: { complete: 'working' } },
    },
    duties: [],
    revealsPerDay: 10,
    opensPerHour: 300,
  },
  // Whoever calls is looked up anywhere by the whole number (callers.ts); in the store they are helped.
  customerService: {
    entities: {
      ...directory,
      customer: { ...colleagues('store'), write: ordinary, actions: { create: 'store', update: 'working' } },
      contact: { ...colleagues('store'), write: ordinary, actions: { create: 'store', update: 'working' } },
      consent: { ...colleagues('store'), write: ordinary, actions: { create: 'store' } },
      interaction: { ...colleagues('store'), write: ordinary, actions: { create: 'store' } },
      appointment: appointments('store'),
    },
    duties: ['calls.take'],
    revealsPerDay: 60,
    opensPerHour: 2_000,
  },
  // Chooses whom to address by what is not personal, and by consent; reaches nobody alone.
  marketing: {
    entities: {
      ...directory,
      customer: { rows: 'region', names: 'region', filter: 'region', sort: 'region', export: 'region', actions: { export: 'region' } },
      consent: { rows: 'region', filter: 'region', sort: 'region', write: ordinary, actions: { create: 'region' } },
    },
    duties: [],
    revealsPerDay: 0,
    opensPerHour: 1_500,
  },
  // Whose invoice it is, and where it goes.
  finance: {
    entities: {
      ...directory,
      customer: { rows: 'all', names: 'all', personal: 'working', filter: 'all', sort: 'all', reveal: 'all', use: 'none' },
    },
    duties: [],
    revealsPerDay: 30,
    opensPerHour: 1_500,
  },
  securityOfficer: {
    entities: directory,
    duties: ['access.manage', 'access.approve', 'keys.read', 'jobs.read'],
    revealsPerDay: 0,
    opensPerHour: 500,
  },
  auditor: {
    entities: directory,
    duties: ['audit.read', 'keys.read', 'jobs.read'],
    revealsPerDay: 0,
    opensPerHour: 500,
  },
  systemAdministrator: {
    entities: { ...directory, staff: { ...directory.staff!, write: ordinary, actions: { create: 'all', update: 'all' } } },
    duties: ['staff.manage', 'keys.read', 'keys.manage', 'backup.manage', 'jobs.read', 'jobs.manage'],
    revealsPerDay: 0,
    opensPerHour: 500,
  },
}

/**
 * What breaking the glass opens for an hour, in the stores it was asked for: everything that helps a customer now, and nothing that changes, takes away or lets
 * anything leave. Nobody can be given it otherwise.
 */
export const emergencyRole: Role = {
  entities: {
    ...directory,
    customer: { rows: 'store', names: 'store', personal: 'store', sensitive: 'store', filter: 'store', sort: 'store', use: 'store' },
    contact: { rows: 'store', names: 'store', personal: 'store', filter: 'store', use: 'store' },
    interaction: { rows: 'store', personal: 'store' },
  },
  duties: ['calls.take'],
  revealsPerDay: 30,
  opensPerHour: 500,
}

/** Whether this is a role that ships. A name such as `constructor` is none. */
export const isShippedRole = (role: string): role is RoleId => Object.hasOwn(roles, role)
