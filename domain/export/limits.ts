/** What may leave before somebody else has to agree, and what in a day. Own choices, but for where they are said to come from. */
export type ExportLimits = {
  /** Most rows that leave without the agreement of another person. */
  readonly threshold: number
  /** Rows a person may take in a day. */
  readonly rowsPerDay: number
  /** The same for whoever runs the company or a store, by role. */
  readonly rowsPerDayOf: Readonly<Record<string, number>>
  /** Files a person may take in a day. */
  readonly filesPerDay: number
}

/** What holds until the dealer says otherwise. A consultant's own customers fit into one file; a whole base leaves by the owner's hand only. */
export const defaultLimits: ExportLimits = {
  threshold: 200,
  rowsPerDay: 1_000,
  rowsPerDayOf: { owner: 100_000, storeManager: 5_000, marketing: 5_000 },
  filesPerDay: 20,
}

/** Most rows of one file: what a list's query may select (server/actions/bulk/readBulk.ts). */
export const mostRows = 100_000

/** Returns how many rows somebody in these roles may take in a day: the widest of them. */
export const rowsPerDay = (limits: ExportLimits, roles: readonly string[]): number =>
  Math.max(limits.rowsPerDay, ...roles.map((role) => (Object.hasOwn(limits.rowsPerDayOf, role) ? limits.rowsPerDayOf[role]! : 0)))

/** Hours a file lies ready (DESIGN 4: staged data is gone within 24), and how often it may be fetched in them. */
export const exportHours = 24
export const mostDownloads = 3

/** Hours a request for agreement stands. */
export const approvalHours = 24

/** In a small shop (domain/policy/separation.ts) one agrees with oneself after so many minutes, and the owner is told. */
export const selfApprovalMinutes = 30

const whole = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

/** Returns the names of the limits that are out of range; none when all can stand. A threshold of 0 means that nothing leaves without a second person. */
export const limitFaults = (limits: ExportLimits): string[] => [
  ...(whole(limits.threshold, 0, mostRows) ? [] : ['threshold']),
  ...(whole(limits.rowsPerDay, 0, mostRows) ? [] : ['rowsPerDay']),
  ...(Object.values(limits.rowsPerDayOf).every((value) => whole(value, 0, 10 * mostRows)) ? [] : ['rowsPerDayOf']),
  ...(whole(limits.filesPerDay, 1, 1_000) ? [] : ['filesPerDay']),
]
