import { useEffect, useSyncExternalStore } from 'react'
import { idleFor } from './idle.ts'
import { request } from './request.ts'

/** Minutes without a touch after which the screen locks; the server counts the same (DESIGN 6). */
const lockAfterMinutes = 15

let locked = false
const listeners = new Set<() => void>()
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('anechoic-lock')

const set = (next: boolean): void => {
  if (locked === next) return
  locked = next
  for (const listener of listeners) listener()
}
/** Whose this tab is: the shell says so. */
let own: string | null = null
export const tabIsOf = (staffId: string): void => {
  own = staffId
}

/** Loads a page anew without asking about unsaved changes: they are kept as drafts. */
export const loadAnew = (path: string): void => {
  window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), { capture: true })
  window.location.assign(path)
}

tabs?.addEventListener('message', ({ data }: MessageEvent<{ locked: true } | { unlockedBy: string }>) => {
  if ('locked' in data) return set(true)
  // Whoever unlocked in another tab: with the same person this one goes on, with another it must forget what it knows.
  if (data.unlockedBy === own) set(false)
  else if (own !== null) loadAnew('/')
})

/** Covers the screen of this browser, without asking the server: it says that the session is locked, or is about to be told. */
export const coverScreen = (): void => {
  set(true)
  tabs?.postMessage({ locked: true })
}

/** Locks now: the screen at once, the session as soon as the server has heard. */
export const lockNow = (): void => {
  coverScreen()
  void request('POST', '/api/session/lock', { quiet: true }).catch(() => null)
}

/** Uncovers the screen for who has unlocked, in every tab of this browser that is theirs. */
export const uncoverScreen = (staffId: string): void => {
  set(false)
  tabs?.postMessage({ unlockedBy: staffId })
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether the screen is covered. */
export const useLocked = (): boolean => useSyncExternalStore(subscribe, () => locked)

/** Locks after fifteen idle minutes, and at once by Alt-Shift-L. */
export const useLocking = (): void => {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!locked && idleFor() > lockAfterMinutes * 60_000) lockNow()
    }, 5_000)
    const onKey = (event: KeyboardEvent): void => {
      if (!event.altKey || !event.shiftKey || event.code !== 'KeyL') return
      event.preventDefault()
      lockNow()
    }
    window.addEventListener('keydown', onKey)
    return () => {
      clearInterval(timer)
      window.removeEventListener('keydown', onKey)
    }
  }, [])
}
