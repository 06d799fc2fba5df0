/** Stretches that end today, in days, and how they are written in a filter. */
export const createdStretches = { last7: 7, last30: 30, last90: 90, last365: 365 } as const

const between = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/

const dayAfter = (day: Date): Date => new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1)

const localDay = (text: string): Date => {
  const [year, month, day] = text.split('-').map(Number)
  return new Date(year!, month! - 1, day!)
}

/**
 * Returns `from..to` in instants as the API takes it (the end excluded) for a filter on when records were made: `last30`, or two calendar days of which
 * both belong to it. Days are those of the clock this runs on. Null for what is neither.
 */
export const createdSpan = (filter: string, now: Date): string | null => {
  const days = Object.hasOwn(createdStretches, filter) ? createdStretches[filter as keyof typeof createdStretches] : null
  if (days !== null) {
    const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1)
    return `${from.toISOString()}..`
  }
  const [, from, to] = between.exec(filter) ?? []
  if (from === undefined && to === undefined) return null
  return `${from === undefined ? '' : localDay(from).toISOString()}..${to === undefined ? '' : dayAfter(localDay(to)).toISOString()}`
}
