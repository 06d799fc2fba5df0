/** Entry ids that were given out but not seen yet. `until`: a transaction number above that of each transaction that may bring one of them. */
export type Gap = { readonly from: number; readonly to: number; readonly until: bigint }

/** What the sequencer has still to look at: everything above `high`, and the gaps below it. */
export type Outlook = { readonly high: number; readonly gaps: readonly Gap[] }

/** What one look at the log saw, in one snapshot. */
export type Sighting = {
  /** Ascending ids seen in the gaps and above `high`. */
  readonly ids: readonly number[]
  /** Every transaction below this number has ended. */
  readonly xmin: bigint
  /** A transaction number given out after the look's snapshot. Not asked for when no ids were seen. */
  readonly own: bigint
  /** Whether the look was cut off after the last id: nothing is known about what lies beyond it. */
  readonly cut?: boolean
}

/** Returns the ranges of ids to look at, as lists of first and last; the last range is open. */
export const rangesOf = ({ high, gaps }: Outlook): { from: number[]; to: (number | null)[] } => ({
  from: [...gaps.map((gap) => gap.from), high + 1],
  to: [...gaps.map((gap) => gap.to), null],
})

/** Every id up to here is in the sequence, or will never exist. */
export const lowOf = ({ high, gaps }: Outlook): number => (gaps.length === 0 ? high : Math.min(...gaps.map((gap) => gap.from)) - 1)

const missingIn = (from: number, to: number, seen: readonly number[], until: bigint): Gap[] => {
  const gaps: Gap[] = []
  let next = from
  for (const id of seen) {
    if (id < from || id > to) continue
    if (id > next) gaps.push({ from: next, to: id - 1, until })
    next = id + 1
  }
  if (next <= to) gaps.push({ from: next, to, until })
  return gaps
}

/**
 * Returns the outlook after a look. A missing id belongs to a transaction that was running at the time, or rolled back: it is dropped once every
 * transaction that could hold it has ended (its number was below `until`, and the snapshot's xmin has reached that), and never before. So an entry
 * that commits late is found, and a rolled-back one does not hold the order up.
 */
export const look = ({ high, gaps }: Outlook, { ids, xmin, own, cut = false }: Sighting): Outlook => {
  const end = cut ? ids.at(-1)! : Infinity
  const top = Math.max(high, ids.at(-1) ?? high)
  const open = gaps.flatMap((gap): Gap[] => {
    const unseen = gap.to > end ? [{ ...gap, from: Math.max(gap.from, end + 1) }] : []
    const judged = xmin < gap.until ? missingIn(gap.from, Math.min(gap.to, end), ids, gap.until) : []
    return [...judged, ...unseen]
  })
  return { high: top, gaps: [...open, ...(top > high ? missingIn(high + 1, top, ids, own) : [])] }
}
