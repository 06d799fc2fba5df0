import { mostAlike } from '../../domain/crm/likeness.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none } from '../../domain/policy/predicate.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Queryable } from './database.ts'
import { columnOfGeneration, indexKeys } from './exactIndex.ts'
import { predicateSql } from './predicateSql.ts'
import { shapeOf } from './shape.ts'

/** Why two customers may be one: a shared number, address or id, a contact they share, or names and addresses that are alike. */
export const duplicateReasons = ['phone', 'email', 'wechat', 'contact', 'likeness'] as const
export type DuplicateReason = (typeof duplicateReasons)[number]

/** Two customers who may be one. Times are ISO 8601. */
export type DuplicatePair = { readonly a: string; readonly b: string; readonly reasons: DuplicateReason[]; readonly foundAt: string }

const shared = (table: string, column: string, customer: string): string => `
  with held as materialized (
    select distinct r.${customer} as id, u.token from ${table} r cross join unnest(r.${column}) as u (token)
    ${table === 'customers' ? '' : 'join customers p on p.id = r.customer_id and p.trashed_at is null'} where r.trashed_at is null),
  many as (select token from held group by token having count(*) between 2 and ${mostAlike})
  select x.id as a, y.id as b from many join held x using (token) join held y using (token) where x.id < y.id`

const sources = [
  { table: 'customers', field: 'phones', customer: 'id', reason: 'phone' },
  { table: 'customers', field: 'emails', customer: 'id', reason: 'email' },
  { table: 'customers', field: 'wechat_ids', customer: 'id', reason: 'wechat' },
  { table: 'contacts', field: 'phones', customer: 'customer_id', reason: 'contact' },
  { table: 'contacts', field: 'wechat_ids', customer: 'customer_id', reason: 'contact' },
] as const satisfies readonly { table: string; field: string; customer: string; reason: DuplicateReason }[]

// A pair that was dismissed stays so unless there is a new reason for it.
const keep = (pairs: string, reason: string): string => `
  insert into duplicate_pair as d (a, b, reasons) select a, b, array[${reason}] from (${pairs}) p where exists (select from customers c where c.id = p.a)
    and exists (select from customers c where c.id = p.b) group by a, b
  on conflict (a, b) do update set reasons = d.reasons || excluded.reasons, found_at = now(), dismissed_at = null, dismissed_by = null
  where not d.reasons @> excluded.reasons`

/** Notes every pair of customers who share a phone number, e-mail address or WeChat id, by blind index: nothing is opened. */
export const findSharedValues = async (client: Queryable, keyring: Keyring): Promise<void> => {
  const [current] = await indexKeys(keyring)
  for (const { table, field, customer, reason } of current ? sources : []) {
    const column = columnOfGeneration(`${field}_bidx`, current!.generation)
    await client.query(keep(shared(table, column, customer), `'${reason}'`))
  }
}

/** Notes pairs that somebody else found to be alike. Each pair holds two different ids. */
export const noteAlike = async (client: Queryable, pairs: readonly (readonly [string, string])[]): Promise<void> => {
  const sorted = pairs.map(([one, other]) => (one < other ? [one, other] : [other, one]))
  const values = [sorted.map(([a]) => a), sorted.map(([, b]) => b)]
  await client.query(keep('select * from unnest($1::uuid[], $2::uuid[]) as t (a, b)', "'likeness'"), values)
}

/** Returns the pairs that stand, newest first, of customers that both exist for the actor, and how many there are. */
export const listPairs = async (
  client: Queryable,
  scope: Scope,
  { offset, limit, of }: { offset: number; limit: number; of?: string },
): Promise<{ pairs: DuplicatePair[]; total: number }> => {
  const shape = shapeOf('customer')
  const values: unknown[] = []
  const inScope = (alias: string): string =>
    predicateSql(scope.rows, { storeId: `${alias}.store_id`, ownerId: `${alias}.owner_id` }, values)
  const about = of === undefined ? '' : `and $${values.push(of)} in (d.a, d.b)`
  const { rows } = await client.query<DuplicatePair & { total: number }>(
    `select d.a, d.b, d.reasons, d.found_at as "foundAt", count(*) over () as total from duplicate_pair d
     join ${shape.table} x on x.id = d.a and x.trashed_at is null join ${shape.table} y on y.id = d.b and y.trashed_at is null
     where d.dismissed_at is null and ${inScope('x')} and ${inScope('y')} ${about}
     order by d.found_at desc, d.a, d.b limit $${values.push(limit)} offset $${values.push(offset)}`,
    values,
  )
  return { pairs: rows.map(({ a, b, reasons, foundAt }) => ({ a, b, reasons, foundAt })), total: rows[0]?.total ?? 0 }
}

/** Says that the two are not one, or (`by` null) takes that back. Returns their subjects; null where they are no pair of whom the actor might make one. */
export const dismissPair = async (client: Queryable, scope: Scope, a: string, b: string, by: string | null): Promise<number[] | null> => {
  const values: unknown[] = [...[a, b].toSorted(), by]
  const inScope = [scope.rows, scope.actions.merge ?? none]
    .map((rule) => predicateSql(rule, shapeOf('customer').rule, values))
    .join(' and ')
  const sql = `update duplicate_pair d set dismissed_at = case when $3::uuid is null then null else now() end, dismissed_by = $3
    where d.a = $1 and d.b = $2 and 2 = (select count(*) from customers r where r.id in (d.a, d.b) and ${inScope})
    returning (select array_agg(r.subject order by r.id) from customers r where r.id in (d.a, d.b)) as subjects`
  const { rows } = await client.query<{ subjects: number[] }>(sql, values)
  return rows[0]?.subjects ?? null
}
