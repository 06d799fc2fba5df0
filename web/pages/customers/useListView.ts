import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import { builtInViews, isBuiltIn } from '../../../domain/preference/builtInViews.ts'
import { fitView, isSameView, type Possible } from '../../../domain/preference/fitView.ts'
import { pageSizes, type SavedView, type ViewState } from '../../../domain/preference/savedView.ts'
import { usePreference } from '../../app/ownPreference.ts'

/** How a list is looked at now: a page of a view. `columns` null: those of the product. */
export type ListView = ViewState & { readonly page: number; readonly pageSize: number }

/**
 * What is personal data, or not worth an address: search text and labels stay in this tab's memory, never in the address, which browsers write into their
 * history on disk. `columns` undefined: those of the view.
 */
type Memory = { readonly q: string; readonly tags: string; readonly columns: readonly string[] | null | undefined }

const nothing: Memory = { q: '', tags: '', columns: undefined }
const memories = new Map<string, Memory>()
const inMemory = 'tags'

/**
 * Returns how the list of customers is looked at, and how to look otherwise. Page, filters, order and the view's id are in the address, so that Back and a
 * bookmark find the same; size, order, columns, saved views and the one to begin with are kept for the person on the server.
 */
export const useListView = (staffId: string, possible: Possible) => {
  const list = 'customers'
  const [params, setParams] = useSearchParams()
  const kept = usePreference('list.customers')
  const saved = usePreference('views.customers')
  const [memory, setMemory] = useState(memories.get(list) ?? nothing)
  const [isOpen, setIsOpen] = useState(false)
  const builtIn = builtInViews(staffId)
  const views = saved.value ?? []
  const viewId = params.get('view') ?? 'all'
  const own = views.find(({ id }) => id === viewId)
  const fitted = own ? fitView(own, possible) : null
  const stateOf = (id: string): ViewState | null => {
    const one = views.find((view) => view.id === id)
    if (one) return fitView(one, possible).view
    // The order somebody likes is theirs wherever a view names none of its own.
    return isBuiltIn(id) ? { ...builtIn[id], sort: id === 'recent' ? builtIn[id].sort : (kept.value?.sort ?? builtIn[id].sort) } : null
  }
  const base = stateOf(viewId) ?? stateOf('all')!
  const asked = (name: string): string => (name === inMemory ? memory.tags : (params.get(name) ?? ''))
  const state: ViewState = {
    q: memory.q,
    filters: Object.fromEntries(possible.filters.flatMap((name) => (asked(name) === '' ? [] : [[name, asked(name)]]))),
    sort: possible.sorts.includes((params.get('sort') ?? '').replace(/^-/, '')) ? params.get('sort')! : base.sort,
    columns: memory.columns === undefined ? base.columns : memory.columns,
  }
  const columns = (state.columns ?? kept.value?.columns)?.filter((name) => possible.columns.includes(name)) ?? null
  const view: ListView = {
    ...state,
    columns: columns && columns.length > 0 ? columns : null,
    page: Math.max(1, Number(params.get('page')) || 1),
    pageSize: pageSizes.find((size) => size === (Number(params.get('pageSize')) || kept.value?.pageSize)) ?? 20,
  }

  const remember = (changes: Partial<Memory>): void => {
    const next = { ...(memories.get(list) ?? nothing), ...changes }
    memories.set(list, next)
    setMemory(next)
  }
  const openView = (id: string, replace = false): void => {
    const opened = stateOf(id) ?? stateOf('all')!
    const { [inMemory]: tags, ...filters } = opened.filters
    remember({ q: opened.q, tags: tags ?? '', columns: undefined })
    setParams(
      new URLSearchParams({ view: id, ...filters, ...(opened.sort === stateOf('all')!.sort ? {} : { sort: opened.sort }) }),
      replace ? { replace } : {},
    )
  }

  // The first look in this tab, once it is known what the person keeps: a bare address means the view they begin with.
  const ready = kept.ready && saved.ready
  const bare = params.size === 0
  const first = kept.value?.defaultView
  useEffect(() => {
    if (!ready) return
    if (bare && first !== undefined && first !== 'all' && stateOf(first)) openView(first, true)
    else if (!memories.has(list) && own) {
      const { view: opened } = fitView(own, possible)
      remember({ q: opened.q, tags: opened.filters[inMemory] ?? '' })
    }
    setIsOpen(true)
    // oxlint-disable-next-line react/exhaustive-deps -- what else is read here changes with these
  }, [ready, bare, first])

  const change = (changes: Record<string, string | null>): void => {
    if (inMemory in changes) remember({ tags: changes[inMemory] ?? '' })
    setParams(
      (before) => {
        const after = new URLSearchParams(before)
        if (!('page' in changes)) after.delete('page')
        for (const [name, value] of Object.entries(changes)) {
          if (name === inMemory) continue
          if (value === null || value === '') after.delete(name)
          else after.set(name, value)
        }
        return after
      },
      { replace: !('page' in changes) },
    )
  }
  const search = (q: string): void => {
    remember({ q })
    if (view.page !== 1) change({})
  }
  const chooseSort = (sort: string): void => {
    change({ sort })
    if (!own) void kept.change((before) => ({ ...before, sort })).catch(() => {})
  }
  const choosePageSize = (size: number): void => {
    change({ pageSize: null, page: null })
    const pageSize = pageSizes.find((one) => one === size)
    if (pageSize) void kept.change((before) => ({ ...before, pageSize })).catch(() => {})
  }
  const chooseColumns = (names: readonly string[] | null): void => {
    if (own) return remember({ columns: names })
    void kept
      .change((before) => {
        const { columns: _before, ...rest } = before ?? {}
        return names ? { ...rest, columns: names } : rest
      })
      .catch(() => {})
  }

  return {
    view,
    viewId: own || isBuiltIn(viewId) ? viewId : 'all',
    own: own ?? null,
    views,
    lost: fitted?.lost ?? [],
    defaultView: first ?? 'all',
    /** Whether what is looked at differs from the view it began as. */
    isChanged: !isSameView(state, base),
    isNarrowed: state.q.trim() !== '' || Object.keys(state.filters).length > 0,
    ready: ready && isOpen,
    change,
    search,
    clear: () => openView('all'),
    openView,
    chooseSort,
    choosePageSize,
    chooseColumns,
    /** Acts on saved views; each throws `ApiError` when the server refuses, and is taken back then. */
    acts: {
      saveAs: async (name: string) => {
        const one: SavedView = { ...state, id: crypto.randomUUID(), name }
        // Opened before the server has it: whoever goes on to another view meanwhile is not called back.
        const done = saved.change((before) => [...(before ?? []), one])
        remember({ columns: undefined })
        setParams((before) => {
          before.set('view', one.id)
          return new URLSearchParams(before)
        })
        await done
      },
      update: async (id: string) => {
        const changed = saved.change((before) => (before ?? []).map((one) => (one.id === id ? { ...one, ...state } : one)))
        remember({ columns: undefined })
        await changed
      },
      rename: (id: string, name: string) => saved.change((before) => (before ?? []).map((one) => (one.id === id ? { ...one, name } : one))),
      move: (id: string, by: -1 | 1) =>
        saved.change((before) => {
          const after = [...(before ?? [])]
          const at = after.findIndex((one) => one.id === id)
          const to = at + by
          if (at < 0 || to < 0 || to >= after.length) return after
          ;[after[at], after[to]] = [after[to]!, after[at]!]
          return after
        }),
      remove: async (id: string) => {
        if (id === viewId) openView('all')
        await saved.change((before) => (before ?? []).filter((one) => one.id !== id))
      },
      putBack: (one: SavedView, at: number) =>
        saved.change((before) => (before ?? []).filter(({ id }) => id !== one.id).toSpliced(at, 0, one)),
      beginWith: (id: string) => kept.change((before) => ({ ...before, defaultView: id })),
    },
  }
}

export type ListLook = ReturnType<typeof useListView>
