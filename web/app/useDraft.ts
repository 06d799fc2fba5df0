import { useEffect, useRef } from 'react'
import { forgetDraft, keepDraft, readDraft } from './drafts.ts'
import { useActor } from './session.ts'

/** Milliseconds of rest after a key before a draft is sealed and kept. */
const restMs = 400
/** Milliseconds between tries to keep a draft while that is not possible. */
const againMs = 3_000

/**
 * Keeps what stands unsaved at a place, for this person in this browser, and gives it back to `restore` when they come here again: after a reload, a crash,
 * or a colleague who used the screen in between. `value` null: nothing is unsaved, and nothing is kept. `place` null: no draft is kept here. Returns the act
 * of forgetting, for a page that leaves because it has just saved, or because the person gave it up.
 */
export const useDraft = <T>(place: string | null, value: T | null, restore: (value: T) => void): (() => void) => {
  const { staffId } = useActor()
  const ready = useRef<string | null>(null)
  const latest = useRef({ value, restore })
  useEffect(() => {
    latest.current = { value, restore }
  })
  const text = value === null ? null : JSON.stringify(value)

  useEffect(() => {
    if (place === null) return
    let here = true
    const look = async (): Promise<void> => {
      const found = await readDraft<T>(staffId, place)
      if (!here) return
      // Whoever was quicker to type than the browser to look has the last word.
      if (found !== null && latest.current.value === null) latest.current.restore(found)
      ready.current = place
    }
    void look()
    return () => {
      here = false
      ready.current = null
    }
  }, [staffId, place])

  useEffect(() => {
    if (place === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let here = true
    const write = async (): Promise<void> => {
      // Not yet looked, or locked just now: a little later.
      const done =
        ready.current === place &&
        (text === null ? (await forgetDraft(staffId, place), true) : await keepDraft(staffId, place, JSON.parse(text)))
      if (here && !done) timer = setTimeout(() => void write(), againMs)
    }
    timer = setTimeout(() => void write(), text === null ? 0 : restMs)
    // The page may be gone before the rest is over.
    const last = (): void => void write()
    window.addEventListener('pagehide', last)
    return () => {
      here = false
      clearTimeout(timer)
      window.removeEventListener('pagehide', last)
    }
  }, [staffId, place, text])

  return () => {
    ready.current = null
    if (place !== null) void forgetDraft(staffId, place)
  }
}
