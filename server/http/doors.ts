import type { AnyRoute, Need } from './route.ts'

const needText = (need: Need): string => {
  if (typeof need === 'string') return need
  if ('duty' in need) return `duty ${need.duty}`
  if ('anyDuty' in need) return `any of ${need.anyDuty.join(', ')}`
  return `${need.entity}${need.action === undefined ? '' : ` ${need.action}`}`
}

/** Returns what each route asks of who comes, in words: `GET /api/audit` -> `duty audit.read`; with `, fresh` and `, programs` where it says so. */
export const doorsOf = (routes: readonly AnyRoute[]): Record<string, string> =>
  Object.fromEntries(
    routes
      .map(
        ({ method, path, need, fresh, programs }) =>
          [`${method} ${path}`, `${needText(need)}${fresh ? ', fresh' : ''}${programs ? ', programs' : ''}`] as const,
      )
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
