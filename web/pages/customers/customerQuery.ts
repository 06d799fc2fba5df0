import { createdSpan } from '../../../domain/preference/created.ts'
import type { ListView } from './useListView.ts'

/** Labels in one text, as a filter holds them. */
export const joinLabels = (labels: readonly string[]): string => labels.map(encodeURIComponent).join(',')
/** Reads them back; what cannot be read is left out. */
export const splitLabels = (text: string): string[] =>
  text.split(',').flatMap((one) => {
    try {
      return one === '' ? [] : [decodeURIComponent(one)]
    } catch {
      return []
    }
  })

/** Returns the query string of a customer list. */
export const customerQuery = (view: ListView, q: string): string => {
  const query = new URLSearchParams({ page: String(view.page), pageSize: String(view.pageSize), sort: view.sort })
  for (const [name, value] of Object.entries(view.filters)) {
    const span = name === 'createdAt' ? createdSpan(value, new Date()) : value
    if (name === 'tags') for (const label of splitLabels(value)) query.append('filter[tags]', label)
    else if (span !== null) query.set(`filter[${name}]`, span)
  }
  if (q !== '') query.set('q', q)
  return query.toString()
}

/** Returns what a list asks for whatever page, order and columns it shows: the same people, all of them. */
export const wholeQuery = (query: string): string => {
  const whole = new URLSearchParams(query)
  for (const name of ['page', 'pageSize', 'sort', 'cursor', 'show']) whole.delete(name)
  return whole.toString()
}
