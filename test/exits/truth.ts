import type { Action, Duty } from '../../domain/policy/role.ts'
import type { RoleId } from '../../domain/policy/roles.ts'

/**
 * What may leave, by role, written by hand beside the code that decides it: `decide()` and `view()` are not asked, and `roles.ts` is not read. How a customer
 * stands to the person: their own; a colleague's whom they have an
 * appointment with today (an installer's: of a store far away, where they help out); a colleague's in their store; of another store of their
 * region; of a store beyond it.
 */
export const relations = ['own', 'working', 'colleague', 'near', 'far'] as const
export type Relation = (typeof relations)[number]

const everywhere = [...relations]
const inStore: Relation[] = ['own', 'working', 'colleague']
const inRegion: Relation[] = ['own', 'working', 'colleague', 'near']
const today: Relation[] = ['own', 'working']
const nowhere: Relation[] = []

export type RoleTruth = {
  /** Customers that exist for them. Where one does not, every way says what it says of nothing. */
  readonly exists: readonly Relation[]
  /** Where personal details stand open, may be revealed, and be used without being seen. */
  readonly open: readonly Relation[]
  readonly reveal: readonly Relation[]
  readonly use: readonly Relation[]
  /** Where a condition may be put on what is in sight, and whether a list may be put in order of names. */
  readonly filter: readonly Relation[]
  readonly sort: boolean
  /** Where the customer may be changed; and exported, with personal details in the clear. */
  readonly update: readonly Relation[]
  readonly leaves: readonly Relation[]
  /** Acts granted somewhere: at the door anything else is `forbidden`. */
  readonly acts: readonly Action[]
  readonly duties: readonly Duty[]
}

const nothing: RoleTruth = {
  exists: nowhere,
  open: nowhere,
  reveal: nowhere,
  use: nowhere,
  filter: nowhere,
  sort: false,
  update: nowhere,
  leaves: nowhere,
  acts: [],
  duties: [],
}
const everyAct: Action[] = ['create', 'update', 'trash', 'restore', 'erase', 'import', 'handOver', 'claim', 'merge', 'export']

export const truth: Readonly<Record<RoleId, RoleTruth>> = {
  owner: {
    exists: everywhere,
    open: today,
    reveal: everywhere,
    use: everywhere,
    filter: everywhere,
    sort: true,
    update: everywhere,
    leaves: everywhere,
    acts: everyAct,
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
  },
  storeManager: {
    exists: inStore,
    open: today,
    reveal: inStore,
    use: inStore,
    filter: inStore,
    sort: true,
    update: inStore,
    leaves: inStore,
    acts: everyAct.filter((act) => act !== 'erase'),
    duties: ['calls.take', 'jobs.read', 'access.approve'],
  },
  salesConsultant: {
    exists: inStore,
    open: today,
    reveal: inStore,
    use: inStore,
    filter: inStore,
    sort: true,
    update: ['own'],
    leaves: nowhere,
    acts: ['create', 'update', 'claim', 'merge'],
    duties: ['calls.take'],
  },
  installer: { ...nothing, exists: today, open: today, reveal: today, use: today, filter: today, sort: true },
  customerService: {
    exists: inStore,
    open: today,
    reveal: inStore,
    use: inStore,
    filter: inStore,
    sort: true,
    update: today,
    leaves: nowhere,
    acts: ['create', 'update'],
    duties: ['calls.take'],
  },
  marketing: { ...nothing, exists: inRegion, filter: inRegion, sort: true, leaves: inRegion, acts: ['export'] },
  finance: { ...nothing, exists: everywhere, open: ['own'], reveal: everywhere, filter: everywhere, sort: true },
  securityOfficer: { ...nothing, duties: ['access.manage', 'access.approve', 'keys.read', 'jobs.read'] },
  auditor: { ...nothing, duties: ['audit.read', 'keys.read', 'jobs.read'] },
  systemAdministrator: { ...nothing, duties: ['staff.manage', 'keys.read', 'keys.manage', 'backup.manage', 'jobs.read', 'jobs.manage'] },
}

/** Entities of which something exists for a role, and what may be done with them somewhere, beside the customer. */
export const beside: Readonly<Record<RoleId, Readonly<Record<string, readonly string[]>>>> = (() => {
  const directory = { store: [], staff: [] }
  const contacts = ['create', 'update', 'trash', 'restore']
  const running = {
    ...directory,
    contact: [...contacts, 'export'],
    consent: ['create', 'export'],
    interaction: ['create', 'update'],
    appointment: ['create', 'update', 'complete'],
  }
  const accounts = { staff: ['create', 'update'] }
  return {
    owner: { ...running, contact: [...contacts, 'erase', 'export'], store: ['create', 'update'], ...accounts },
    storeManager: running,
    salesConsultant: { ...running, contact: contacts, consent: ['create'] },
    installer: { ...directory, contact: [], interaction: ['create'], appointment: ['complete'] },
    customerService: { ...running, contact: ['create', 'update'], consent: ['create'], interaction: ['create'] },
    marketing: { ...directory, consent: ['create'] },
    finance: directory,
    securityOfficer: directory,
    auditor: directory,
    systemAdministrator: { ...directory, ...accounts },
  }
})()
