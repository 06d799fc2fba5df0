import { useSyncExternalStore } from 'react'

let calling: string | null = null
let forNew: string | null = null
const listeners = new Set<() => void>()

const set = (phone: string | null): void => {
  calling = phone
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * The number that calls: handed over by a softphone in the address, out of which it is taken at once, or typed. Kept in memory only, also while somebody signs in
 * first.
 */
export const incomingCall = {
  take: (phone: string): void => set(phone),
  done: (): void => set(null),
  /** Leaves a number for the form of a new customer, until that is left (null). */
  keepForNew: (phone: string | null): void => {
    forNew = phone
  },
  forNew: (): string | null => forNew,
}

/** Returns the number that calls, or null. */
export const useIncomingCall = (): string | null => useSyncExternalStore(subscribe, () => calling)
