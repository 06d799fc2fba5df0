import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import { keepListView, listView } from '../../app/preferences.ts'

export type ListView = { page: number; pageSize: number; sort: string; filters: Record<string, string> }

const kept = ['pageSize', 'sort'] as const

/** Search text is personal data: it stays in this tab's memory, never in the address, which browsers write into their history on disk. */
const searchTexts = new Map<string, string>()

/**
 * Returns how a list is looked at: page, size, order and filters in the address (so that Back and a bookmark find the same), the search text in memory,
 * and size and order remembered for the person.
 */
export const useListView = (list: string, staffId: string, filterNames: readonly string[]) => {
  const [params, setParams] = useSearchParams()
  const [q, setQ] = useState(searchTexts.get(list) ?? '')
  const remembered = new URLSearchParams(listView(staffId, list))
  const read = (name: string): string | null => params.get(name) ?? remembered.get(name)
  const view: ListView = {
    page: Math.max(1, Number(params.get('page')) || 1),
    pageSize: [20, 50, 100, 200].find((size) => size === Number(read('pageSize'))) ?? 20,
    sort: read('sort') ?? '-createdAt',
    filters: Object.fromEntries(filterNames.flatMap((name) => (params.get(name) ? [[name, params.get(name)!]] : []))),
  }
  useEffect(() => {
    searchTexts.set(list, q)
  }, [list, q])
  const change = (changes: Record<string, string | null>): void => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before)
        if (!('page' in changes)) after.delete('page')
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '') after.delete(name)
          else after.set(name, value)
        }
        const keep = new URLSearchParams(listView(staffId, list))
        for (const name of kept) if (changes[name]) keep.set(name, changes[name])
        keepListView(staffId, list, keep.toString())
        return after
      },
      { replace: !('page' in changes) },
    )
  }
  const search = (text: string): void => {
    setQ(text)
    if (view.page !== 1) change({})
  }
  const clear = (): void => {
    setQ('')
    change(Object.fromEntries(filterNames.map((name) => [name, null])))
  }
  return { view, q, search, change, clear, isNarrowed: q.trim() !== '' || Object.keys(view.filters).length > 0 }
}
