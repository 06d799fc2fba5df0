import { useSyncExternalStore } from 'react'
import type { Way } from './contract.ts'

type Asking = { readonly ways: readonly Way[]; readonly answer: (done: boolean) => void }

let asking: Asking | null = null
const listeners = new Set<() => void>()
const set = (next: Asking | null): void => {
  asking = next
  for (const listener of listeners) listener()
}

let running: Promise<boolean> | null = null

/** Asks the person to show who they are, by one of these ways. Resolves to whether they did; several acts that wait share one dialog. */
export const askToStepUp = (ways: readonly Way[]): Promise<boolean> => {
  running ??= new Promise<boolean>((resolve) => {
    set({
      ways,
      answer: (done) => {
        set(null)
        running = null
        resolve(done)
      },
    })
  })
  return running
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What is being asked just now, or null. */
export const useStepUp = (): Asking | null => useSyncExternalStore(subscribe, () => asking)
