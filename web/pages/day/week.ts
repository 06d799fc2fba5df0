const dayMs = 86_400_000

/** Returns midnight of the day of an instant, by the reader's clock, `ahead` days later. */
export const dayOf = (at: Date, ahead = 0): Date => new Date(at.getFullYear(), at.getMonth(), at.getDate() + ahead)

/** Returns the seven midnights of the week of an instant, Monday first, as calendars in China have it. */
export const weekOf = (at: Date): Date[] => {
  const monday = -((at.getDay() + 6) % 7)
  return Array.from({ length: 7 }, (_, i) => dayOf(at, monday + i))
}

/** Whether something between two instants touches the day that begins at this midnight. */
export const touches = (day: Date, startsAt: string, endsAt: string): boolean =>
  Date.parse(startsAt) < dayOf(day, 1).getTime() && Date.parse(endsAt) > day.getTime()

/** Returns how many days after another a midnight is; a change of clocks in between does not count. */
export const daysBetween = (from: Date, to: Date): number => Math.round((to.getTime() - from.getTime()) / dayMs)

/** Returns an instant as an input of day and time writes it, by the reader's clock. */
export const localInput = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)

/** Returns the next full hour that is within a working day: 9 to 18, else tomorrow at 10. */
export const nextHour = (now: Date): Date => {
  const next = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 1)
  if (next.getHours() < 9) return new Date(next.getFullYear(), next.getMonth(), next.getDate(), 10)
  return next.getHours() > 18 || dayOf(next).getTime() !== dayOf(now).getTime() ? new Date(dayOf(now, 1).getTime() + 10 * 3_600_000) : next
}

/** Returns the midnight that the reader's day began with. */
export const today = (): Date => dayOf(new Date())

/** Returns when an appointment is offered that nobody has said a time for. */
export const offeredTime = (): string => localInput(nextHour(new Date()))

/** Whether an instant is past. */
export const isPast = (iso: string): boolean => Date.parse(iso) < Date.now()
