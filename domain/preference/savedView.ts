import { lineOnly, notBlank, uuid } from '../catalogue/patterns.ts'

/** How a list is looked at: what is searched for, filtered, in which order, with which columns (null: those the person chose for the list). */
export type ViewState = {
  readonly q: string
  readonly filters: Readonly<Record<string, string>>
  readonly sort: string
  readonly columns: readonly string[] | null
}

/** A way of looking at a list that somebody named. `id` is a UUID. */
export type SavedView = ViewState & { readonly id: string; readonly name: string }

/** How somebody left a list: rows of a page, order, columns, and which view it opens with. */
export type ListState = {
  readonly pageSize?: number
  readonly sort?: string
  readonly columns?: readonly string[]
  readonly defaultView?: string
}

/** Most views of one list, longest name and search text in UTF-16 units. Own choice: a row of tabs holds fewer. */
export const viewLimits = { views: 50, name: 40, text: 100, filters: 12, columns: 40 } as const
export const pageSizes = [20, 50, 100, 200] as const

const line = new RegExp(lineOnly, 'u')
const someWord = new RegExp(notBlank, 'u')
const anId = new RegExp(uuid, 'u')
const aName = /^[A-Za-z]\w{0,39}$/

const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most && line.test(value)
const isName = (value: unknown): boolean => typeof value === 'string' && aName.test(value)
const isSort = (value: unknown): boolean => typeof value === 'string' && aName.test(value.replace(/^-/, ''))
const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= viewLimits.columns && value.every(isName) && new Set(value).size === value.length

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const hasOnly = (value: Record<string, unknown>, keys: readonly string[]): boolean => Object.keys(value).every((key) => keys.includes(key))

const isFilters = (value: unknown): boolean =>
  isRecord(value) &&
  Object.keys(value).length <= viewLimits.filters &&
  Object.entries(value).every(([name, text]) => isName(name) && isText(text, 400) && text !== '')

const isView = (value: unknown): value is SavedView =>
  isRecord(value) &&
  hasOnly(value, ['id', 'name', 'q', 'filters', 'sort', 'columns']) &&
  typeof value['id'] === 'string' &&
  anId.test(value['id']) &&
  isText(value['name'], viewLimits.name) &&
  someWord.test(value['name']) &&
  isText(value['q'], viewLimits.text) &&
  isFilters(value['filters']) &&
  isSort(value['sort']) &&
  (value['columns'] === null || isNames(value['columns']))

/** Whether a value is a list of saved views, each id once. Says nothing of whether its fields exist: that may change after it was saved. */
export const isSavedViews = (value: unknown): value is readonly SavedView[] =>
  Array.isArray(value) &&
  value.length <= viewLimits.views &&
  value.every(isView) &&
  new Set(value.map((view) => view.id)).size === value.length

/** Whether a value says how a list was left. */
export const isListState = (value: unknown): value is ListState =>
  isRecord(value) &&
  hasOnly(value, ['pageSize', 'sort', 'columns', 'defaultView']) &&
  (value['pageSize'] === undefined || pageSizes.some((size) => size === value['pageSize'])) &&
  (value['sort'] === undefined || isSort(value['sort'])) &&
  (value['columns'] === undefined || isNames(value['columns'])) &&
  (value['defaultView'] === undefined || isText(value['defaultView'], 40))
