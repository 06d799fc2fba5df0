import type pg from 'pg'

const named = `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'keys', 'audit', 'auth', 'pgboss') and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`

/**
 * Returns what the database holds where our tables would go: nothing, our tables without a company or a key (a start that nobody set up), or more than
 * that: somebody's data.
 */
export const readContents = async (client: pg.Client): Promise<'nothing' | 'unused' | 'used'> => {
  const { rows } = await client.query<{ schema: string; name: string }>(named)
  if (rows.length === 0) return 'nothing'
  const has = (schema: string, name: string): boolean => rows.some((row) => row.schema === schema && row.name === name)
  if (!has('public', 'migration') || !has('public', 'setting') || !has('keys', 'data_key')) return 'used'
  const { rows: found } = await client.query<{ used: boolean }>(
    "select exists (select from public.setting where key = 'company') or exists (select from keys.data_key) as used",
  )
  return found[0]?.used === false ? 'unused' : 'used'
}

/** Drops the product's tables of an unused installation, within the transaction `client` is in. */
export const dropUnused = async (client: pg.Client): Promise<void> => {
  await client.query('drop schema if exists pgboss cascade')
  await client.query('drop schema if exists auth cascade')
  await client.query('drop schema if exists audit cascade')
  const { rows: tables } = await client.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public' and tableowner = current_user",
  )
  for (const { name } of tables) await client.query(`drop table if exists ${name} cascade`)
  const { rows: functions } = await client.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = 'public'::regnamespace
      and p.proowner = (select oid from pg_roles where rolname = current_user)
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  )
  for (const { name } of functions) await client.query(`drop function if exists ${name} cascade`)
  await client.query('drop schema if exists keys cascade')
}
