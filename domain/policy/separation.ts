import type { Standing } from './actor.ts'
import type { Duty } from './role.ts'

/** The three powers that 三员分立 keeps apart (GB/T 22239 8.1.4.2, 8.1.5: system administration, security administration, audit). */
export const powers = {
  administers: ['staff.manage', 'keys.manage', 'backup.manage', 'jobs.manage'],
  grants: ['access.manage'],
  audits: ['audit.read'],
} as const satisfies Readonly<Record<string, readonly Duty[]>>
export type Power = keyof typeof powers

/** Departures from the separation. `powers_combined`: one person holds more than one of the powers; `power_reads_customers`: one of them sees customers too. */
export const deviationKinds = ['powers_combined', 'power_reads_customers'] as const
export type DeviationKind = (typeof deviationKinds)[number]

/** Why a dealer accepts a departure. */
export const deviationReasons = ['small_shop', 'vacancy', 'handover'] as const
export type DeviationReason = (typeof deviationReasons)[number]

/** Staff up to whom a shop counts as small (DESIGN 6). Above, an accepted departure asks to be ended. */
export const smallShop = 5

type Held = Pick<Standing, 'role'>

/** Returns which of the powers these standings hold. */
export const powersOf = (standings: readonly Held[]): Power[] =>
  (Object.keys(powers) as Power[]).filter((power) =>
    standings.some(({ role }) => powers[power].some((duty) => role.duties.includes(duty as Duty))),
  )

const seesCustomers = ({ role }: Held): boolean => (role.entities.customer?.rows ?? 'none') !== 'none'

/** Returns the departures from the separation of powers that these standings are together. */
export const deviationsOf = (standings: readonly Held[]): DeviationKind[] => {
  const held = powersOf(standings)
  return [
    ...(held.length > 1 ? (['powers_combined'] as const) : []),
    ...(held.length > 0 && standings.some(seesCustomers) ? (['power_reads_customers'] as const) : []),
  ]
}

/** Whether somebody with these standings counts as privileged: their rights are reviewed every quarter, and nobody lends such a role by themselves. */
export const isPrivileged = (standings: readonly Held[]): boolean => powersOf(standings).length > 0
