import { type BulkChange, type BulkKind, bulkKinds } from '../../../domain/crm/bulkChange.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { isRecordId } from '../../store/reads.ts'
import type { Parts } from '../parts.ts'
import { inputOf } from '../records/inputOf.ts'
import type { Select } from '../records/readSelection.ts'

export type BulkRequest = {
  readonly select: Select
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
