/** Milliseconds without a touch or a key after which this tab's requests count as its own doing rather than the person's. */
const idleAfter = 60_000

let touched = Date.now()
const seen = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('anechoic-touched')
if (seen) seen.addEventListener('message', () => (touched = Date.now()))

let told = 0
const touch = (): void => {
  touched = Date.now()
  // The other tabs of this browser are told now and then: whoever works in one must not be locked out of another.
  if (touched - told < 5_000) return
  told = touched
  seen?.postMessage(null)
}
if (typeof window !== 'undefined')
  for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
    window.addEventListener(kind, touch, { capture: true, passive: true })

/** Milliseconds since somebody last touched this browser's tabs. */
export const idleFor = (): number => Date.now() - touched

/** Whether nobody has touched them for a minute. */
export const isIdle = (): boolean => idleFor() > idleAfter

/** Begins to count anew: somebody has just shown that they are there. */
export const wake = touch
