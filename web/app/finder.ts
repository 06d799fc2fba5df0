import { useSyncExternalStore } from 'react'

type Finder = { open: boolean; text: string }

let finder: Finder = { open: false, text: '' }
const listeners = new Set<() => void>()

const set = (changed: Finder): void => {
  finder = changed
  for (const listener of listeners) listener()
}

/** Opens the finder with `text` already typed. */
export const openFinder = (text: string): void => set({ open: true, text })

/** Closes the finder and forgets what was typed. */
export const closeFinder = (): void => set({ open: false, text: '' })

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Returns whether the finder is open. */
export const useFinder = (): Finder => useSyncExternalStore(subscribe, () => finder)
