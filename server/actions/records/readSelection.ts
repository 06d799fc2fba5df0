import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { isRecordId } from '../../store/reads.ts'
import type { Parts } from '../parts.ts'
import { findMatching, textOf } from './findMatching.ts'
import { type ListQuery, readListQuery } from './listQuery.ts'

/** Most customers named one by one; and most that a list's query may select. Own choice: a selection by hand, and a base's yearly clean-up. */
export const mostIds = 10_000
const mostMatching = 100_000

/** Records named one by one, or all that match a query of the list. */
export type Select = { readonly ids?: readonly string[]; readonly query?: string }

const refused = (field: string, problem: string): AppError => new AppError('input_invalid', { problems: [{ field, problem }] })

const matching = async (
  parts: Pick<Parts, 'records' | 'search' | 'audit'>,
  scope: Scope,
  text: string,
  position: number,
): Promise<string[]> => {
  const query: ListQuery = { ...readListQuery(scope, new URLSearchParams(text)), offset: 0, limit: mostMatching, sort: 'createdAt' }
  const found = await findMatching(parts, scope, query, position)
  if (found.total > mostMatching) throw new AppError('input_too_large', { limit: mostMatching, found: found.total })
  // Who matches a text is an answer about people, as in a list; nobody of them is opened for it. An exact value is on record already.
  const asked = query.exact ? '' : textOf(query)
  if (asked !== '')
    await parts.audit.append({ actor: scope.actor, action: 'search', entity: scope.entity, outcome: 'done', detail: { text: asked } })
  return found.ids
}

/**
 * Returns the ids that are selected: those named, or all that match the query of the list. Throws `input_invalid`, `unknown_key`, `input_too_large`,
 * `search_unavailable`.
 */
export const readSelection = async (
  parts: Pick<Parts, 'records' | 'search' | 'audit'>,
  scope: Scope,
  { ids, query }: Select,
  position: number,
): Promise<string[]> => {
  if ((ids === undefined) === (query === undefined)) throw refused('select', 'required')
  const selected = query === undefined ? [...new Set(ids)] : await matching(parts, scope, query, position)
  if (selected.length === 0) throw refused('select', 'required')
  if (selected.some((id) => !isRecordId(id))) throw refused('ids', 'bad_reference')
  return selected
}
