import { auditActions } from '../../../domain/audit/actions.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import type { EntryFilter } from '../../audit/queries.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'

export type AuditLine = {
  id: number
  index: number | null
  at: string
  staffId: string | null
  staffName: string | null
  action: string
  entity: string
  ids: string[]
  subjects: number[]
  count: number
  fields: string[]
  reason: string | null
  outcome: string
  address: string | null
  note: string | null
  /** How a call went: over the relay, or straight (null). */
  via: string | null
}

const shown = 50
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const refuse = (field: string): never => {
  throw new AppError('input_invalid', { problems: [{ field, problem: 'format' }] })
}

const instantOf = (field: string, text: string): string => {
  const at = new Date(text)
  // Years of more or fewer than four digits are written in a form that PostgreSQL does not read.
  return at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999 ? at.toISOString() : refuse(field)
}

/** Reads the query of the log page. Throws `input_invalid`. */
export const readAuditFilter = (query: URLSearchParams): EntryFilter => {
  const given = (name: string): string | null => query.get(name) || null
  const [actor, subject, action, from, to, cursor] = ['actor', 'subject', 'action', 'from', 'to', 'cursor'].map(given)
  if (actor && !uuid.test(actor)) refuse('actor')
  if (subject && !/^\d{1,9}$/.test(subject)) refuse('subject')
  if (action && !(auditActions as readonly string[]).includes(action)) refuse('action')
  if (cursor && !/^\d{1,15}$/.test(cursor)) refuse('cursor')
  return {
    limit: shown + 1,
    withDetail: true,
    ...(actor ? { actor } : {}),
    ...(subject ? { subject: Number(subject) } : {}),
    ...(action ? { actions: [action] } : {}),
    ...(from ? { from: instantOf('from', from) } : {}),
    ...(to ? { to: instantOf('to', to) } : {}),
    ...(cursor ? { before: Number(cursor) } : {}),
  }
}

/** Returns a page of the log, newest first, for those with the duty to read it; the reading is an entry itself, written first. */
export const readAudit = async (
  { audit, records }: Pick<Parts, 'audit' | 'records'>,
  actor: Actor,
  filter: EntryFilter,
): Promise<{ items: AuditLine[]; nextCursor: string | null }> => {
  await audit.append({
    actor,
    action: 'audit_read',
    entity: 'audit',
    subjects: filter.subject === undefined ? [] : [filter.subject],
    outcome: 'done',
  })
  const found = await audit.find(filter)
  const entries = found.slice(0, shown)
  const scope = decide(actor, 'staff')
  const { rows: staff } = await records.getMany(scope, [...new Set(entries.flatMap((entry) => entry.staffId ?? []))])
  const names = new Map(staff.map((row) => [row.id, (viewOf(scope, row) as unknown as { name?: unknown }).name]))
  const items = entries.map((entry): AuditLine => {
    const name = entry.staffId === null ? null : names.get(entry.staffId)
    return {
      id: entry.entryId,
      index: entry.idx,
      at: new Date(entry.at).toISOString(),
      staffId: entry.staffId,
      staffName: typeof name === 'string' ? name : null,
      action: entry.action,
      entity: entry.entity,
      ids: entry.ids.slice(0, 100),
      subjects: entry.subjects.slice(0, 100),
      count: entry.list?.count ?? Math.max(entry.ids.length, entry.subjects.length),
      fields: [...entry.fields],
      reason: entry.reason,
      outcome: entry.outcome,
      address: entry.detail?.['address'] ?? null,
      note: entry.detail?.['note'] ?? null,
      via: entry.detail?.['via'] ?? null,
    }
  })
  return { items, nextCursor: found.length > shown ? String(entries.at(-1)!.entryId) : null }
}
