import { useSyncExternalStore } from 'react'

/** An entry of a timeline that suggests itself after a call or a message; `started`: it was taken up, and the form is to be made ready for it. */
export type OfferedEntry = { readonly customerId: string; readonly kind: 'call' | 'wechat' | 'email'; readonly started: boolean }

let offered: OfferedEntry | null = null
const listeners = new Set<() => void>()

const set = (changed: OfferedEntry | null): void => {
  offered = changed
  for (const listener of listeners) listener()
}

/** Offers to note what was just done with a customer. */
export const offerEntry = (customerId: string, kind: OfferedEntry['kind']): void => set({ customerId, kind, started: false })

/** Takes the offer up: the timeline makes its form ready. */
export const startEntry = (customerId: string, kind: OfferedEntry['kind']): void => set({ customerId, kind, started: true })

/** Takes the offer away. */
export const dropEntry = (): void => set(null)

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Returns what is offered for this customer, or null. */
export const useOfferedEntry = (customerId: string): OfferedEntry | null => {
  const now = useSyncExternalStore(subscribe, () => offered)
  return now?.customerId === customerId ? now : null
}
