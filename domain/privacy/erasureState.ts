/**
 * How far an erasure has come. The key is destroyed here at once; copies of it in older backups open only under the epoch key that wrapped it.
 * `waiting`: that epoch key is due to go within the promised days; `late`: it should be gone and is not, so the promised date will not hold;
 * `rotated`: gone, its copies expire by the date; `complete`: gone, and the date has passed; `unknown`: an older erasure that noted no epoch.
 */
export type ErasureState = 'waiting' | 'late' | 'rotated' | 'complete' | 'unknown'

/** DESIGN 4: days until the epoch that wrapped the key has rotated and its key is destroyed. */
export const EPOCH_DAYS = 30
/** DESIGN 4: days until the last copy of the keyring that held that epoch key has expired. */
export const KEYRING_COPY_DAYS = 14

const day = 86_400_000

/** Returns when no copy can open the data any more if the epoch key goes in time (ISO 8601). */
export const promisedCompletion = (erasedAt: string): string =>
  new Date(Date.parse(erasedAt) + (EPOCH_DAYS + KEYRING_COPY_DAYS) * day).toISOString()

/** Judges an erasure at the time `now`. `epochDestroyedAt`: null while the epoch key exists, undefined where nobody knows which it was. */
export const erasureState = (
  { erasedAt, completeBy, epochDestroyedAt }: { erasedAt: string; completeBy: string; epochDestroyedAt: string | null | undefined },
  now: string,
): ErasureState => {
  if (epochDestroyedAt === undefined) return 'unknown'
  const due = Date.parse(erasedAt) + EPOCH_DAYS * day
  if (epochDestroyedAt === null) return Date.parse(now) > due ? 'late' : 'waiting'
  const gone = Math.max(Date.parse(completeBy), Date.parse(epochDestroyedAt) + KEYRING_COPY_DAYS * day)
  return Date.parse(now) >= gone ? 'complete' : 'rotated'
}

/** Returns by when every copy is dead, as far as it is known now: later than promised when the epoch key went late (ISO 8601). */
export const expectedCompletion = (completeBy: string, epochDestroyedAt: string | null | undefined): string =>
  epochDestroyedAt && Date.parse(epochDestroyedAt) + KEYRING_COPY_DAYS * day > Date.parse(completeBy)
    ? new Date(Date.parse(epochDestroyedAt) + KEYRING_COPY_DAYS * day).toISOString()
    : completeBy
