import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { columnsOf } from '../../domain/catalogue/columns.ts'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import { migrate, readMigrations } from './migrate.ts'
import { allShapes } from './shape.ts'

let db: TestDatabase
let emptyUrl: string
let empty: string
beforeAll(async () => {
  db = await testDatabase()
  empty = `anechoic_empty_${process.pid}_${Date.now()}`
  await db.owner.query(`create database ${empty} template template0`)
  const url = new URL(db.ownerUrl)
  url.pathname = `/${empty}`
  emptyUrl = url.href
})
afterAll(async () => {
  await db.owner.query(`drop database ${empty} with (force)`)
  await db.close()
})

test('migrations apply once, side by side too, and refuse an edited or unknown past', async () => {
  const options = { ownerUrl: emptyUrl, runtimeRole: db.runtimeRole }
  const all = readMigrations()
  const applied = await Promise.all([migrate(options), migrate(options)])
  expect(applied.toSorted((a, b) => a - b)).toEqual([0, all.length])

  const edited = all.map((one, i) => (i === 1 ? { ...one, sql: `${one.sql}\n`, sha256: 'edited' } : one))
  await expect(migrate({ ...options, migrations: edited })).rejects.toMatchObject({
    code: 'config_invalid',
    details: { problem: 'migration_edited' },
  })
  await expect(migrate({ ...options, migrations: all.slice(0, -1) })).rejects.toMatchObject({ code: 'data_newer' })

  const failing = [...all, { number: all.length + 1, name: 'x.sql', sql: 'create table half (); select 1/0', sha256: 'x' }]
  await expect(migrate({ ...options, migrations: failing })).rejects.toMatchObject({ code: 'internal' })
  expect(await migrate(options)).toBe(0)
  await expect(migrate({ ...options, runtimeRole: 'nobody_of_that_name' })).rejects.toMatchObject({ code: 'config_invalid' })
})

test('a hole in the numbers is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'anechoic-migrations-'))
  writeFileSync(join(folder, '0001-a.sql'), '')
  writeFileSync(join(folder, '0003-b.sql'), '')
  expect(() => readMigrations(folder)).toThrow()
  rmSync(folder, { recursive: true })
})

test.each(allShapes().map((shape) => [shape.table, shape] as const))(
  'table %s has exactly the columns of its entity',
  async (table, shape) => {
    const { rows } = await db.owner.query<{ name: string; type: string; nullable: boolean }>(
      `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
      from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [`public.${table}`],
    )
    const inSql = (type: string): string => type.replace('timestamptz', 'timestamp with time zone')
    // A column that came later stands last in the table; statements name their columns.
    const declared = columnsOf(shape.entity).map(({ name, type, nullable }) => ({ name, type: inSql(type), nullable }))
    expect(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(declared.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    const { rows: checks } = await db.owner.query<{ text: string }>(
      "select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass and contype = 'c'",
      [`public.${table}`],
    )
    for (const { column } of shape.groups) expect(checks.map((check) => check.text)).toContain(`CHECK (keys.is_envelope(${column}))`)
  },
)

/** What the run-time role may do with each table, from the catalogue of the database itself. */
const rightsOfRuntime = async (): Promise<Record<string, string>> => {
  const { rows } = await db.owner.query<{ name: string; rights: string }>(
    `select n.nspname || '.' || c.relname as name, array_to_string(array(
        select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p where
          has_table_privilege($1, c.oid, p) or (p in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege($1, c.oid, p))
      ), ' ') as rights
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('public', 'keys', 'audit', 'auth') order by 1`,
    [db.runtimeRole],
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.rights]))
}

test('the run-time role has the rights named here, and no more', async () => {
  expect(await rightsOfRuntime()).toEqual({
    'audit.entry': 'SELECT INSERT',
    'audit.entry_chunk': 'SELECT INSERT',
    'audit.sequence': 'SELECT INSERT',
    'auth.approval': 'SELECT INSERT',
    'auth.approval_decision': 'SELECT INSERT',
    'auth.assignment': 'SELECT INSERT UPDATE DELETE',
    'auth.challenge': 'SELECT INSERT UPDATE DELETE',
    'auth.credential': 'SELECT INSERT UPDATE DELETE',
    'auth.deviation': 'SELECT INSERT UPDATE',
    'auth.departure': 'SELECT INSERT UPDATE DELETE',
    'auth.review': 'SELECT INSERT UPDATE',
    'auth.review_item': 'SELECT INSERT UPDATE',
    'auth.service_account': 'SELECT INSERT UPDATE DELETE',
    'auth.service_token': 'SELECT INSERT UPDATE DELETE',
    'auth.emergency': 'SELECT INSERT UPDATE',
    'auth.identity': 'SELECT INSERT UPDATE DELETE',
    'auth.own_role': 'SELECT INSERT UPDATE',
    'auth.suspension': 'SELECT INSERT DELETE',
    'auth.device': 'SELECT INSERT UPDATE DELETE',
    'auth.device_staff': 'SELECT INSERT UPDATE DELETE',
    'auth.link': 'SELECT INSERT UPDATE DELETE',
    'auth.passkey': 'SELECT INSERT UPDATE DELETE',
    'auth.recovery_code': 'SELECT INSERT UPDATE DELETE',
    'auth.role_grant': 'SELECT INSERT UPDATE DELETE',
    'auth.session': 'SELECT INSERT UPDATE DELETE',
    'auth.throttle': 'SELECT INSERT UPDATE DELETE',
    'auth.totp': 'SELECT INSERT UPDATE DELETE',
    'keys.data_key': 'SELECT INSERT UPDATE DELETE',
    'keys.epoch_floor': 'SELECT UPDATE',
    'keys.subject': 'SELECT',
    'keys.tombstone': 'SELECT INSERT',
    'public.appointments': 'SELECT INSERT UPDATE DELETE',
    'public.consents': 'SELECT INSERT UPDATE DELETE',
    'public.contacts': 'SELECT INSERT UPDATE DELETE',
    'public.customers': 'SELECT INSERT UPDATE DELETE',
    'public.duplicate_pair': 'SELECT INSERT UPDATE DELETE',
    'public.export': 'SELECT INSERT UPDATE',
    'public.import_shun': 'SELECT INSERT DELETE',
    'public.interactions': 'SELECT INSERT UPDATE DELETE',
    'public.job': 'SELECT INSERT UPDATE',
    'public.job_item': 'SELECT INSERT DELETE',
    'public.job_change': 'SELECT INSERT UPDATE DELETE',
    'public.merged': 'SELECT INSERT DELETE',
    'public.migration': 'SELECT',
    'public.notice': 'SELECT INSERT UPDATE DELETE',
    'public.preference': 'SELECT INSERT UPDATE DELETE',
    'public.setting': 'SELECT INSERT UPDATE',
    'public.share': 'SELECT INSERT UPDATE',
    'public.share_opening': 'SELECT INSERT',
    'public.staff': 'SELECT INSERT UPDATE',
    'public.stores': 'SELECT INSERT UPDATE',
  })
})

test('the run-time role can neither change the audit log nor define anything', async () => {
  const { pool } = db.database
  const refused = [
    'update audit.entry set leaf = leaf',
    'delete from audit.entry',
    'truncate audit.entry',
    'update audit.sequence set idx = idx',
    'delete from audit.entry_chunk',
    'create table x ()',
    'create table audit.x ()',
    'create schema x',
    'alter table audit.entry add x integer',
    'drop table audit.entry',
    'alter table keys.data_key disable trigger all',
    'insert into keys.subject (id) values (1)',
    'delete from keys.tombstone',
    'set role pg_write_all_data',
  ]
  for (const sql of refused) await expect(pool.query(sql), sql).rejects.toMatchObject({ code: expect.stringMatching(/^42501|^22023/) })

  // The check above is no decoration: a role that may update is noticed.
  await db.owner.query(`grant update on audit.entry to ${db.runtimeRole}`)
  expect((await rightsOfRuntime())['audit.entry']).toBe('SELECT INSERT UPDATE')
  await db.owner.query(`revoke update on audit.entry from ${db.runtimeRole}`)
})
