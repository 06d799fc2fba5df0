/** A day and a time as clocks and calendars in one place show them. `month` from 1. */
export type LocalTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

/** Where the dealer's shops are, as a zone of the IANA database: all of mainland China keeps Beijing time. */
export const shopZone = 'Asia/Shanghai'

const formats = new Map<string, Intl.DateTimeFormat>()
const formatIn = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** Returns what clocks in the zone show at an instant. */
export const localTimeIn = (zone: string, at: Date): LocalTime => {
  const parts = new Map(
    formatIn(zone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  )
  const of = (name: 'year' | 'month' | 'day' | 'hour' | 'minute'): number => parts.get(name) ?? 0
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') }
}

const asUtc = ({ year, month, day, hour, minute }: LocalTime): number => Date.UTC(year, month - 1, day, hour, minute)

/** Returns the instant at which clocks in the zone show this. A time that a change of clocks leaves out is moved by the change; one that occurs twice is the first. */
export const instantIn = (zone: string, local: LocalTime): Date => {
  const wanted = asUtc(local)
  const offsetAt = (time: number): number => asUtc(localTimeIn(zone, new Date(time))) - time
  const guess = wanted - offsetAt(wanted)
  return new Date(wanted - offsetAt(guess))
}
