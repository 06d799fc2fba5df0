import type pg from 'pg'
import type { SealedClass } from '../../domain/catalogue/field.ts'
import { snake } from '../../domain/catalogue/snake.ts'
import { AppError } from '../../domain/errors.ts'
import { opensPerHour, type Scope } from '../../domain/policy/decide.ts'
import type { Audit } from '../audit/audit.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { databaseError } from './databaseError.ts'
import { selectSql } from './entitySql.ts'
import { fieldsShown, groupsOf, type Look, requireLookAllowed } from './look.ts'
import { isDamage, openEach } from './openEach.ts'
import { type AnyRow, distinctKeys, openRow, type StoredRow } from './openRows.ts'
import { predicateSql } from './predicateSql.ts'
import { requireKeyOf, requireNewestOf } from './readLocked.ts'
import { type Shape, shapeOf } from './shape.ts'

export type ReadParts = { pool: pg.Pool; broker: KeyBroker; audit: Audit }

/** Which records a list holds: equal plain values, order, page. */
export type ListQuery = {
  readonly where?: Readonly<Record<string, string | number | boolean>>
  /** A value that a plain list holds, by field. */
  readonly holds?: Readonly<Record<string, string>>
  /** Instants at or after, and before, which a plain field lies. */
  readonly from?: Readonly<Record<string, string>>
  readonly before?: Readonly<Record<string, string>>
  /** Without those that hang below a record in the trash. */
  readonly live?: true
  /** A plain field found by `range`, or createdAt, updatedAt; default createdAt. */
  readonly orderBy?: string
  readonly descending?: boolean
  /** At most 500. */
  readonly limit?: number
  readonly offset?: number
  /** Records in the trash instead of the others. */
  readonly trashed?: boolean
}

/** Records that were asked for together. `damaged`: ids of those that are in scope and do not open; they are on record as failed looks. */
export type Found = { readonly rows: AnyRow[]; readonly damaged: string[] }

/** A page of a list; `more` says whether the list goes on behind it. */
export type Listed = Found & { readonly more: boolean }

const MOST_LISTED = 500
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether the text is a record id as the store writes it. */
export const isRecordId = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)

// What does not open is charged too: somebody wanted to see it.
const charge = (broker: KeyBroker, { actor }: Scope, stored: readonly StoredRow[], { brief }: Partial<Look> = {}): void =>
  broker.charge(
    brief ? `${actor.staffId}/brief` : actor.staffId,
    [...new Set(stored.map((row) => row['subject'] as number))],
    opensPerHour(actor),
  )

/** Charges the actor's hourly budget and opens the keys of stored records. Throws `open_budget`, `key_unavailable`, `envelope_invalid`. */
export const openKeysOf = async (
  broker: KeyBroker,
  scope: Scope,
  shape: Shape,
  stored: readonly StoredRow[],
): Promise<Map<number, DataKey>> => {
  if (!shape.hasSubject || stored.length === 0) return new Map()
  const wrapped = distinctKeys(stored)
  charge(broker, scope, stored)
  return broker.openCached(wrapped) ?? broker.open(wrapped)
}

/** The reads of the repository: each is one query and, once the rows are open, one audit entry that is durable before they are returned. */
export const openReads = ({ pool, broker, audit }: ReadParts) => {
  const query = async (sql: ReturnType<typeof selectSql>, values: unknown[]): Promise<StoredRow[]> =>
    (
      await pool.query<StoredRow>({ ...sql, values }).catch((error: unknown) => {
        throw databaseError(error)
      })
    ).rows

  const record = async (
    scope: Scope,
    shape: Shape,
    look: Look,
    rows: readonly AnyRow[],
    outcome: 'done' | 'absent',
    ids?: readonly string[],
  ): Promise<void> => {
    // What is not about a person is not a look at one.
    if (!shape.hasSubject) return
    await audit.append({
      actor: scope.actor,
      action: look.action,
      entity: scope.entity,
      ids: ids ?? rows.map((row) => row.id),
      subjects: rows.map((row) => row.subject),
      fields: fieldsShown(shape, scope, look, rows),
      ...(look.reason ? { reason: look.reason } : {}),
      outcome,
      ...(look.detail ? { detail: look.detail } : {}),
    })
  }

  const recordDamage = async (scope: Scope, look: Look, damaged: readonly StoredRow[]): Promise<void> => {
    if (damaged.length === 0) return
    await audit.append({
      actor: scope.actor,
      action: look.action,
      entity: scope.entity,
      ids: damaged.map((row) => row['id'] as string),
      subjects: damaged.map((row) => row['subject'] as number),
      outcome: 'failed',
    })
  }

  const openOne = async (scope: Scope, shape: Shape, groups: readonly SealedClass[], stored: StoredRow): Promise<AnyRow> => {
    requireNewestOf(shape, stored)
    const keys = await openKeysOf(broker, scope, shape, [stored])
    return openRow(shape, stored, keys, groups)
  }

  const openMany = async (scope: Scope, shape: Shape, look: Look, stored: readonly StoredRow[]): Promise<Found> => {
    if (!shape.hasSubject) return { rows: stored.map((row) => openRow(shape, row, null, [])), damaged: [] }
    if (stored.length > 0) charge(broker, scope, stored, look)
    const { rows, damaged } = await openEach(broker, shape, stored, groupsOf(shape, scope, look))
    // Two entries at most, handed in together: both are durable before anything is answered.
    const entries = [recordDamage(scope, look, damaged)]
    if (rows.length > 0 || look.detail) entries.push(record(scope, shape, look, rows, 'done'))
    await Promise.all(entries)
    return { rows, damaged: damaged.map((row) => row['id'] as string) }
  }

  const refuse = async (scope: Scope, look: Look, id: string, subject: number): Promise<void> =>
    audit.refused({
      actor: scope.actor,
      action: look.action,
      entity: scope.entity,
      ids: [id],
      subjects: [subject],
      fields: look.fields ?? [],
      ...(look.reason ? { reason: look.reason } : {}),
      ...(look.detail ? { detail: look.detail } : {}),
    })

  /** See Records.get. */
  const get = async (scope: Scope, id: string, look: Look = { action: 'read' }): Promise<AnyRow> => {
    const shape = shapeOf(scope.entity)
    if (!isRecordId(id)) throw new AppError('not_found', { entity: scope.entity })
    const groups = groupsOf(shape, scope, look)
    const values: unknown[] = [id]
    const where = `r.id = $1 and ${predicateSql(scope.rows, shape.rule, values)}`
    const [stored] = await query(selectSql(shape, { groups, where, newest: shape.hasSubject, keyless: true }), values)
    if (!stored) {
      await record(scope, shape, look, [], 'absent', [id])
      throw new AppError('not_found', { entity: scope.entity })
    }
    try {
      // Before anything is opened: what may not be looked at is not decrypted either.
      requireLookAllowed(scope, look, openRow(shape, stored, null, []))
    } catch (error) {
      if (error instanceof AppError && error.code === 'forbidden') await refuse(scope, look, id, stored['subject'] as number)
      throw error
    }
    requireKeyOf(shape, stored)
    try {
      const row = await openOne(scope, shape, groups, stored)
      await record(scope, shape, look, [row], 'done')
      return row
    } catch (error) {
      if (isDamage(error)) await recordDamage(scope, look, [stored])
      throw error
    }
  }

  const many = async (scope: Scope, look: Look, where: string, values: unknown[], tail: string): Promise<StoredRow[]> => {
    const shape = shapeOf(scope.entity)
    if (look.fields) throw new AppError('internal', { problem: 'a reveal or use is of one record' })
    const condition = `${where} and ${predicateSql(scope.rows, shape.rule, values)}`
    return query(selectSql(shape, { groups: groupsOf(shape, scope, look), where: condition, tail }), values)
  }

  /** See Records.getMany. */
  const getMany = async (scope: Scope, ids: readonly string[], look: Look = { action: 'list' }): Promise<Found> => {
    const stored = await many(scope, look, 'r.id = any($1::uuid[])', [ids.filter(isRecordId)], '')
    const { rows, damaged } = await openMany(scope, shapeOf(scope.entity), look, stored)
    const found = new Map(rows.map((row) => [row.id, row]))
    return { rows: ids.flatMap((id) => found.get(id) ?? []), damaged }
  }

  /** See Records.list. */
  const list = async (scope: Scope, asked: ListQuery = {}, look: Look = { action: 'list' }): Promise<Listed> => {
    const shape = shapeOf(scope.entity)
    const values: unknown[] = []
    const compare = (given: Readonly<Record<string, unknown>> | undefined, write: (column: string, value: string) => string): string[] =>
      Object.entries(given ?? {}).map(([field, value]) => write(`r.${plainColumn(shape, scope, field)}`, `$${values.push(value)}`))
    const where = [
      `r.trashed_at is ${asked.trashed ? 'not ' : ''}null`,
      ...(asked.live && shape.parent ? ['p.trashed_at is null'] : []),
      ...compare(asked.where, (column, value) => `${column} = ${value}`),
      ...compare(asked.holds, (column, value) => `${column} @> array[${value}::uuid]`),
      ...compare(asked.from, (column, value) => `${column} >= ${value}`),
      ...compare(asked.before, (column, value) => `${column} < ${value}`),
    ].join(' and ')
    const limit = Math.min(asked.limit ?? 50, MOST_LISTED)
    const tail = `order by ${orderSql(shape, asked)} limit $${values.push(limit + 1)} offset $${values.push(asked.offset ?? 0)}`
    const stored = await many(scope, look, where, values, tail)
    // The one behind the page only says that there is more: it is neither opened nor a look.
    return { ...(await openMany(scope, shape, look, stored.slice(0, limit))), more: stored.length > limit }
  }

  return { get, getMany, list }
}

// A condition on a field the actor may not filter by would answer questions about it.
const plainColumn = (shape: Shape, scope: Scope, field: string): string => {
  const plain = shape.plain.find((one) => one.field === field)
  if (!plain || scope.fields[field]?.filter.kind === 'none') throw new AppError('input_invalid', { field, problem: 'not_filterable' })
  return plain.column
}

const orderSql = (shape: Shape, { orderBy = 'createdAt', descending = false }: ListQuery): string => {
  const own = ['createdAt', 'updatedAt'].includes(orderBy)
  if (!own && !shape.entity.fields[orderBy]?.find.includes('range'))
    throw new AppError('input_invalid', { field: orderBy, problem: 'not_sortable' })
  const direction = descending ? 'desc' : 'asc'
  return `r.${snake(orderBy)} ${direction}, r.id ${direction}`
}

export type Reads = ReturnType<typeof openReads>
