import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Page, RecordView } from './contract.ts'
import { isMasked } from './contract.ts'
import { request } from './request.ts'

/** Those that references point at and that are few: stores and staff. */
export type Directory = { options: { value: string; label: string }[]; nameOf: (id: unknown) => string | null; ready: boolean }

const none: RecordView[] = []
const made = new WeakMap<RecordView[], Directory>()

/** One for each answer, however many ask: a list names its store and owner in every row. */
const directoryOf = (records: RecordView[] = none): Directory => {
  const known = made.get(records)
  if (known) return known
  const options = records.map((record) => {
    const name = record['name']
    return {
      value: record.id,
      label: typeof name === 'string' ? name : isMasked(name) ? name.masked : String(record['login'] ?? record.id),
    }
  })
  const names = new Map(options.map((option) => [option.value, option.label]))
  const directory = { options, nameOf: (id: unknown) => (typeof id === 'string' ? (names.get(id) ?? null) : null), ready: records !== none }
  made.set(records, directory)
  return directory
}

/** The question for all stores or staff: hundreds at most, a page after the other. */
export const directoryQuery = (entity: 'store' | 'staff') =>
  queryOptions({
    queryKey: ['directory', entity],
    queryFn: async ({ signal }) => {
      const items: RecordView[] = []
      for (let page = 1; ; page += 1) {
        const path = `/api/${entity === 'store' ? 'stores' : 'staff'}?pageSize=200&page=${page}`
        const answer = await request<Page<RecordView>>('GET', path, { signal })
        items.push(...answer.items)
        if (answer.items.length === 0 || page * 200 >= answer.total) return items
      }
    },
    staleTime: 5 * 60_000,
  })

/** Returns the names of stores or staff by id. */
export const useDirectory = (entity: 'store' | 'staff'): Directory => directoryOf(useQuery(directoryQuery(entity)).data)
