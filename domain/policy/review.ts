import type { Action, Duty, Role } from './role.ts'

/** Days between reviews, and until one is due (DESIGN 6: quarterly for who is privileged, half-yearly for all; a fortnight to decide is our choice). */
export const reviewEvery = { privileged: 91, all: 182 } as const
export const reviewDays = 14
export type ReviewKind = keyof typeof reviewEvery

/** Days without any act after which an account is suspended (ISO 27002 5.18 leaves the number to us; many rules say 45). */
export const dormantDays = 45

/** What becomes of one role of one person. `expired`: nobody decided in time; `exempt`: without it nobody would be left who may do this. */
export type Decision = 'keep' | 'remove' | 'expired' | 'exempt'

/** Acts by which the log (domain/audit/actions.ts) knows that a right was used. What is used all day (reading, changing) is not asked. */
const actsOf: Partial<Readonly<Record<Action | Duty, readonly string[]>>> = {
  trash: ['trash'],
  erase: ['erase'],
  import: ['import'],
  export: ['export'],
  'jobs.manage': ['job_pause', 'job_resume', 'job_cancel'],
  'keys.manage': ['key_rotate', 'index_rotate', 'reseal', 'kit_prove'],
  'backup.manage': ['backup_create', 'backup_restore'],
  'staff.manage': ['suspend', 'resume'],
  'access.manage': ['grant', 'grant_end', 'role_edit', 'review_decide'],
  'audit.read': ['audit_read'],
}

/** Every act by which a right shows its use. */
export const telling: readonly string[] = Object.values(actsOf).flat()

/** Returns the rights of a role that the log shows no use of, given the acts somebody did. */
export const unusedRights = (role: Role, did: ReadonlySet<string>): (Action | Duty)[] => {
  const granted = Object.entries(role.entities.customer?.actions ?? {}).flatMap(([act, reach]) => (reach === 'none' ? [] : [act as Action]))
  return [...granted, ...role.duties].filter((right) => actsOf[right] !== undefined && !actsOf[right].some((act) => did.has(act)))
}

type Holder = { readonly staffId: string; readonly roles: readonly string[]; readonly storeIds: readonly string[] }

/**
 * Returns how many colleagues somebody is compared with (who share a role and a store with them, or the role where there is no store) and which of their roles fewer
 * than half of those have too.
 */
export const peerDifference = (who: Holder, everybody: readonly Holder[]): { peers: number; unusual: string[] } => {
  const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one))
  const peers = everybody.filter(
    (one) =>
      one.staffId !== who.staffId &&
      shares(one.roles, who.roles) &&
      (who.storeIds.length === 0 || one.storeIds.length === 0 || shares(one.storeIds, who.storeIds)),
  )
  const unusual = who.roles.filter((role) => peers.length > 0 && peers.filter((one) => one.roles.includes(role)).length * 2 < peers.length)
  return { peers: peers.length, unusual }
}

/** Seconds in which a line of a review can be read and thought about; own choice. */
const readable = 3

type Decided = { readonly decision: Decision; readonly shownAt: string | null; readonly decidedAt: string }

/**
 * Whether somebody's decisions look like a rubber stamp: five or more, all to keep, and more than half of them taken in less time than it takes to read the line. A line is
 * read from when it was shown, or from the decision before it.
 */
export const isHasty = (decisions: readonly Decided[]): boolean => {
  if (decisions.length < 5 || decisions.some(({ decision }) => decision !== 'keep')) return false
  const inOrder = decisions.toSorted((a, b) => a.decidedAt.localeCompare(b.decidedAt))
  const quick = inOrder.filter(({ shownAt, decidedAt }, i) => {
    const from = Math.max(Date.parse(shownAt ?? decidedAt), i === 0 ? 0 : Date.parse(inOrder[i - 1]!.decidedAt))
    return Date.parse(decidedAt) - from < readable * 1000
  })
  return quick.length * 2 > decisions.length
}
