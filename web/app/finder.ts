import { useSyncExternalStore } from 'react'

type Finder = { open: boolean; text: string }

let finder: Finder = { open: false, text: '' }
let isShown = false
const listeners = new Set<() => void>()

const set = (changed: Finder): void => {
  finder = changed
  for (const listener of listeners) listener()
}

/** Opens the finder; what was typed on its way stays. */
export const openFinder = (): void => set({ open: true, text: finder.text })

/** Closes the finder and forgets what was typed. */
export const closeFinder = (): void => {
  isShown = false
  set({ open: false, text: '' })
}

/**
 * Takes a key for the finder while it is on its way to the screen, so that whoever types at once loses no letter, and none of it goes to what lies beneath;
 * Escape gives the finder up. False where it is not on its way, or the key is no business of its.
 */
export const typeAhead = (key: string): boolean => {
  if (!finder.open || isShown) return false
  if (key === 'Escape') closeFinder()
  else if (key === 'Backspace') set({ open: true, text: finder.text.slice(0, -1) })
  else if (key.length === 1) set({ open: true, text: finder.text + key })
  else return key === 'Enter'
  return true
}

/** Says that the finder stands on the screen and takes its keys itself; returns what was typed ahead. */
export const finderShown = (): string => {
  isShown = true
  return finder.text
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Returns whether the finder is open. */
export const useFinder = (): Finder => useSyncExternalStore(subscribe, () => finder)
