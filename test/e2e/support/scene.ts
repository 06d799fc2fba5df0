import { afterAll, afterEach, beforeAll } from 'vitest'
import { openWindows, type Windows } from './browser.ts'
import { type Dealer, openDealer } from './dealer.ts'

/** What a file's journeys take place in: a dealer on a server of its own, and a browser. */
export type Scene = { readonly dealer: Dealer; readonly windows: Windows }

/**
 * Opens a dealer and a browser before the journeys of a test file and closes them after; windows close after each journey, and a page that complained
 * fails it. `prepare` adds what the journeys find there; `settings` gives
 * the server's environment. The parts can be used from the first journey on.
 */
export const openScene = (prepare?: (dealer: Dealer) => Promise<void>, settings?: (folder: string) => Record<string, string>): Scene => {
  let dealer: Dealer | undefined
  let windows: Windows | undefined
  beforeAll(async () => {
    ;[dealer, windows] = await Promise.all([openDealer(settings), openWindows()])
    await prepare?.(dealer)
  })
  afterEach(() => windows?.closeAll())
  afterAll(() => Promise.all([windows?.close(), dealer?.close()]))
  return {
    get dealer() {
      return dealer!
    },
    get windows() {
      return windows!
    },
  }
}
