import { type BulkChange, type BulkKind, bulkKinds } from '../../../domain/crm/bulkChange.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { isRecordId } from '../../store/reads.ts'
import type { Parts } from '../parts.ts'
import { findMatching, textOf } from '../records/findMatching.ts'
import { type ListQuery, readListQuery } from '../records/listQuery.ts'
import { inputOf } from '../records/inputOf.ts'

/** Most customers named one by one; and most that a list's query may select. Own choice: a selection by hand, and a base's yearly clean-up. */
export const mostIds = 10_000
const mostMatching = 100_000

export type BulkRequest = {
  readonly select: { readonly ids?: readonly string[]; readonly query?: string }
  readonly change: { readonly kind: BulkKind; readonly value?: string }
}

const refused = (field: string, problem: string): AppError => new AppError('input_invalid', { problems: [{ field, problem }] })

const needsValue: Readonly<Record<BulkKind, boolean>> = {
  tag: true,
  untag: true,
  owner: true,
  store: true,
  pool: false,
  trash: false,
  restore: false,
}

const requireThere = async ({ pool }: Pick<Parts, 'pool'>, id: string, sql: string): Promise<void> => {
  if (!isRecordId(id) || (await pool.query(sql, [id])).rowCount !== 1) throw refused('value', 'bad_reference')
}

/** Returns the change, checked as a single record's would be. Throws `input_invalid`, `masked_input`. */
export const readBulkChange = async (parts: Pick<Parts, 'pool'>, scope: Scope, given: BulkRequest['change']): Promise<BulkChange> => {
  const { kind, value } = given
  if (!bulkKinds.includes(kind)) throw refused('kind', 'not_an_option')
  if (needsValue[kind] !== (value !== undefined)) throw refused('value', value === undefined ? 'required' : 'unknown_key')
  if (kind === 'owner') await requireThere(parts, value!, 'select 1 from staff where id = $1 and active and trashed_at is null')
  if (kind === 'store') await requireThere(parts, value!, 'select 1 from stores where id = $1 and trashed_at is null')
  if (kind === 'tag' || kind === 'untag') {
    const { tags } = inputOf(scope, { tags: [value] }, 'update') as { tags: string[] }
    return { kind, value: tags[0]! }
  }
  return { kind, value: value ?? null }
}

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
  { ids, query }: BulkRequest['select'],
  position: number,
): Promise<string[]> => {
  if ((ids === undefined) === (query === undefined)) throw refused('select', 'required')
  const selected = query === undefined ? [...new Set(ids)] : await matching(parts, scope, query, position)
  if (selected.length === 0) throw refused('select', 'required')
  if (selected.some((id) => !isRecordId(id))) throw refused('ids', 'bad_reference')
  return selected
}
