const hour = 3_600_000
const day = 24 * hour

/** Milliseconds since then. What lies in the future was written by a clock that was ahead: nobody knows its age, so it counts as old. */
const ageOf = (since: string, now: Date): number => {
  const age = now.getTime() - Date.parse(since)
  return age < 0 ? Infinity : age
}

/** Between one and five by the clock of the server: when a shop sleeps. */
const isNight = (now: Date): boolean => now.getHours() >= 1 && now.getHours() < 5

/**
 * Whether to sweep now: once a night; at any hour when the last sweep began more than 30 hours ago or there was none, since a shop's computer may be off
 * every night.
 */
export const isSweepDue = (last: string | null, now: Date): boolean => last === null || ageOf(last, now) > (isNight(now) ? 12 : 30) * hour

/**
 * Whether the epoch's key, made at `since`, is to be replaced now: at its 21st night, and where the computer is off at night on its 24th day, so that it is
 * gone within the 30 days after which a certificate of erasure says that it is (DESIGN 4), also over a weekend or a short holiday.
 */
export const isRotationDue = (since: string, now: Date): boolean => ageOf(since, now) >= (isNight(now) ? 21 : 24) * day
