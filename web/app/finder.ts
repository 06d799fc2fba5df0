import { useSyncExternalStore } from 'react'

type Finder = { open: boolean; text: string }

let finder: Finder = { open: false, text: '' }
let isShown = false
const listeners = new Set<() => void>()

const set = (changed: Finder): void => {
  finder = changed
  for (const listener of listeners) listener()
}

/** Opens the finder with `text` already typed. */
export const openFinder = (text: string): void => set({ open: true, text })

/** Closes the finder and forgets what was typed. */
export const closeFinder = (): void => {
  isShown = false
  set({ open: false, text: '' })
}

/** Takes a key for the finder while it is on its way to the screen, so that whoever types at once loses no letter; false where it is not. */
export const typeAhead = (key: string): boolean => {
  if (!finder.open || isShown || key.length !== 1) return false
  set({ open: true, text: finder.text + key })
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
