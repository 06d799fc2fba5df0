import { useSyncExternalStore } from 'react'

/** Jobs that this tab has started and shows in a corner until they are dismissed; ids only. */
let watched: readonly string[] = []
const listeners = new Set<() => void>()

const set = (ids: readonly string[]): void => {
  watched = ids
  for (const listener of listeners) listener()
}

/** Shows a job's progress in the corner, whatever page one goes to; at most three. */
export const watchJob = (id: string): void => set([...watched.filter((one) => one !== id), id].slice(-3))

/** Shows it no more. */
export const unwatchJob = (id: string): void => set(watched.filter((one) => one !== id))

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Returns the ids of the watched jobs. */
export const useWatchedJobs = (): readonly string[] => useSyncExternalStore(subscribe, () => watched)
