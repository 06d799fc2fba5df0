import type { ListView } from './useListView.ts'

/** Returns the query string of a customer list. */
export const customerQuery = (view: ListView, q: string): string => {
  const query = new URLSearchParams({ page: String(view.page), pageSize: String(view.pageSize), sort: view.sort })
  for (const [name, value] of Object.entries(view.filters)) query.set(`filter[${name}]`, value)
  if (q !== '') query.set('q', q)
  return query.toString()
}

/** Returns what a list asks for whatever page, order and columns it shows: the same people, all of them. */
export const wholeQuery = (query: string): string => {
  const whole = new URLSearchParams(query)
  for (const name of ['page', 'pageSize', 'sort', 'cursor', 'show']) whole.delete(name)
  return whole.toString()
}
