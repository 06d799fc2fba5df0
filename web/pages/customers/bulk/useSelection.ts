import { useRef, useState } from 'react'
import type { Picking } from '../../../catalogue/PickCell.tsx'

/** What is picked in a list: rows one by one, or all that match its query. */
export type Selection = {
  readonly picking: Picking
  readonly ids: readonly string[]
  /** All that match, also those on other pages. */
  readonly whole: boolean
  readonly takeWhole: () => void
  readonly clear: () => void
}

/** Most rows picked one by one: what the server takes by id. */
export const mostPicked = 10_000

const toggled = (picked: ReadonlySet<string>, ids: readonly string[], on: boolean): Set<string> => {
  const next = new Set(picked)
  for (const id of ids) {
    if (!on) next.delete(id)
    else if (next.size < mostPicked) next.add(id)
  }
  return next
}

/**
 * Returns the picking of rows in a list. It holds across pages; `query` is what the list asks for without its page: when that changes, nothing is picked,
 * so that nobody changes people they no longer see.
 */
export const useSelection = (query: string, visible: readonly string[]): Selection => {
  const [of, setOf] = useState(query)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [whole, setWhole] = useState(false)
  const anchor = useRef<string | null>(null)
  const clear = (): void => {
    setPicked(new Set())
    setWhole(false)
    anchor.current = null
  }
  if (of !== query) {
    setOf(query)
    setPicked(new Set())
    setWhole(false)
  }
  const has = (id: string): boolean => whole || picked.has(id)
  // Leaving out one of all that match leaves the rows of this page: the others were never named.
  const base = whole ? new Set(visible) : picked
  const put = (ids: readonly string[], on: boolean): void => {
    setPicked(toggled(base, ids, on))
    setWhole(false)
  }
  const toggle = (id: string, range: boolean): void => {
    const on = !has(id)
    const [from, to] = [visible.indexOf(anchor.current ?? ''), visible.indexOf(id)]
    put(range && from >= 0 ? visible.slice(Math.min(from, to), Math.max(from, to) + 1) : [id], on)
    anchor.current = id
  }
  const count = visible.filter(has).length
  const page = count === 0 ? 'none' : count === visible.length ? 'all' : 'some'
  return {
    picking: { has, toggle, page, togglePage: () => put(visible, page !== 'all') },
    ids: [...picked],
    whole,
    takeWhole: () => setWhole(true),
    clear,
  }
}
