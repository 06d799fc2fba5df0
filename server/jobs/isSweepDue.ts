const hour = 3_600_000

/**
 * Whether to sweep now: once a night, between one and five by the clock of the server; at any hour when the last sweep began more than 30 hours ago or
 * there was none, since a shop's computer may be off every night.
 */
export const isSweepDue = (last: string | null, now: Date): boolean => {
  const age = last === null ? Infinity : now.getTime() - Date.parse(last)
  const atNight = now.getHours() >= 1 && now.getHours() < 5
  return age > (atNight ? 12 : 30) * hour
}
