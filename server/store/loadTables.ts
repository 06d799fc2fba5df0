import type pg from 'pg'
import { qualified, type TableColumns } from './copyTable.ts'

type Dropped = { readonly table: string; readonly name: string; readonly definition: string }
type ForeignKey = Dropped & {
  readonly columns: string[]
  readonly target: string
  readonly targetColumns: string[]
  readonly required: boolean
}

/** What was taken off tables so that they can be filled in any order, and quickly. */
export type Bare = { readonly tables: readonly string[]; readonly indexes: readonly Dropped[]; readonly keys: readonly ForeignKey[] }

const findKeys = `select k.conrelid::regclass::text as "table", k.conname as name, pg_get_constraintdef(k.oid) as definition,
    k.confrelid::regclass::text as target,
    array(select a.attname::text from unnest(k.conkey) with ordinality u (n, i) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by i)
      as columns,
    array(select a.attname::text from unnest(k.confkey) with ordinality u (n, i) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by i)
      as "targetColumns",
    (select bool_or(a.attnotnull) from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey)) as required
  from pg_constraint k where k.contype = 'f' and (k.conrelid = any($1::regclass[]) or k.confrelid = any($1::regclass[]))`

const findIndexes = `select i.indrelid::regclass::text as "table", i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i where i.indrelid = any($1::regclass[]) and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`

/**
 * Empties tables and takes foreign keys, indexes beyond the keys' own, and our triggers off them, within the transaction `client` is in. `dress` puts
 * all of it back. Neither needs a superuser.
 */
export const undress = async (client: pg.Client, of: readonly TableColumns[]): Promise<Bare> => {
  const tables = of.map(qualified)
  const { rows: keys } = await client.query<ForeignKey>(findKeys, [tables])
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${client.escapeIdentifier(name)}`)
  const { rows: indexes } = await client.query<Dropped>(findIndexes, [tables])
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  await client.query(`truncate ${tables.join(', ')}`)
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`)
  return { tables, indexes, keys }
}

/** Puts back what `undress` took off; what was filled in is checked by it. Throws `input_invalid`, `duplicate` when it does not fit. */
export const dress = async (client: pg.Client, { tables, indexes, keys }: Bare): Promise<void> => {
  for (const { definition } of indexes) await client.query(definition)
  for (const table of tables) await client.query(`alter table ${table} enable trigger user`)
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${client.escapeIdentifier(name)} ${definition}`)
}

/** Lets go of what no longer exists: a reference that may be empty is emptied, a row that cannot be without it goes. Until nothing points nowhere. */
export const mendReferences = async (client: pg.Client, { keys }: Bare): Promise<void> => {
  for (let mended = true; mended;) {
    mended = false
    for (const { table, columns, target, targetColumns, required } of keys) {
      const here = columns.map((name) => client.escapeIdentifier(name))
      const there = targetColumns.map((name) => client.escapeIdentifier(name))
      const dangling = `${here.map((name) => `t.${name} is not null`).join(' and ')} and not exists
        (select from ${target} o where ${there.map((name, i) => `o.${name} = t.${here[i]!}`).join(' and ')})`
      const { rowCount } = await client.query(
        required
          ? `delete from ${table} t where ${dangling}`
          : `update ${table} t set ${here.map((name) => `${name} = null`).join(', ')} where ${dangling}`,
      )
      mended ||= (rowCount ?? 0) > 0
    }
  }
}

/** Puts every sequence of a column behind the highest number in it. */
export const advanceIdentities = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `select d.refobjid::regclass::text as "table", a.attname::text as "column", d.objid::regclass::text as sequence
     from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
       join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid join pg_namespace n on n.oid = s.relnamespace
     where n.nspname in ('public', 'keys', 'audit', 'auth')`,
  )
  for (const { table, column, sequence } of rows)
    await client.query(
      `select setval($1, greatest(m, 1), m > 0) from (select coalesce(max(${client.escapeIdentifier(column)}), 0) as m from ${table}) x`,
      [sequence],
    )
  // The order may already know that ids beyond the last entry will never exist (server/audit/sequencer.ts): a new entry must not get one of those.
  await client.query(`select setval(pg_get_serial_sequence('audit.entry', 'id'), greatest((select max(id) from audit.entry), (select max(low) from audit.sequence)))
    where exists (select from audit.entry) or exists (select from audit.sequence where low is not null)`)
}

/** Above every transaction number that a database gives out in its life, and below what `xid8` holds 2^20 times over. */
const generation = 2n ** 44n

/**
 * Lifts the transaction numbers that entries carry from another database above all that this one will give out, keeping equal ones equal: the entries of
 * one erasure are known by theirs (server/audit/erasures.ts).
 */
export const liftTransactions = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ newest: string }>('select coalesce(max(tx::text::numeric), 0)::text as newest from audit.entry')
  const offset = (BigInt(rows[0]!.newest) / generation + 1n) * generation
  await client.query(`alter table audit.entry alter column tx type xid8 using
    case when tx::text::numeric < ${generation} then (tx::text::numeric + ${offset})::text::xid8 else tx end`)
}
