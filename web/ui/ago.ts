/** How long ago something was, in the largest unit that says it. */
export type Ago = {
  readonly unit: 'never' | 'now' | 'minutes' | 'hours' | 'yesterday' | 'days' | 'months' | 'years'
  readonly count: number
}

const day = 86_400_000

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0)

/** Returns how long before `now` (milliseconds) an instant (ISO 8601; null: never) was, by the reader's calendar: from the day before on, days are counted. */
export const agoOf = (iso: string | null, now: number): Ago => {
  if (iso === null) return { unit: 'never', count: 0 }
  const at = Date.parse(iso)
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 2) return { unit: 'now', count: 0 }
  if (minutes < 60) return { unit: 'minutes', count: minutes }
  const days = Math.round((midnight(now) - midnight(at)) / day)
  if (days === 0) return { unit: 'hours', count: Math.floor(minutes / 60) }
  if (days === 1) return { unit: 'yesterday', count: 1 }
  if (days < 60) return { unit: 'days', count: days }
  if (days < 730) return { unit: 'months', count: Math.floor(days / 30) }
  return { unit: 'years', count: Math.floor(days / 365) }
}
