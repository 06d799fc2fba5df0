import pg from 'pg'

/** Name of the twin's database, beside the product's in the same cluster. */
export const twinDatabase = 'plain_twin'

const tables = `
create extension pg_trgm;
create function joined(text[]) returns text immutable parallel safe language sql as $$ select array_to_string($1, ' ') $$;
create table staff (id uuid primary key, login text not null unique);
create table session (token_hash bytea primary key, csrf_hash bytea not null, staff_id uuid not null references staff, seen_at timestamptz not null, expires_at timestamptz not null);
create table customers (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  kind text not null,
  name text not null,
  name_sort text collate "C" not null,
  pinyin text not null,
  initials text not null,
  phones text[] not null,
  emails text[] not null,
  wechat text,
  address text,
  tags text[] not null,
  notes text,
  store_id uuid not null,
  owner_id uuid
)`

const indexes = [
  'create index on customers (created_at desc, id desc)',
  'create index on customers (name_sort, id)',
  'create index on customers (store_id)',
  'create index on customers (owner_id)',
  'create index on customers using gin (phones)',
  'create index on customers using gin (emails)',
  'create index on customers (wechat) where wechat is not null',
  'create index on customers using gin (name gin_trgm_ops)',
  'create index on customers using gin (pinyin gin_trgm_ops)',
  'create index on customers using gin (initials gin_trgm_ops)',
  'create index on customers using gin (joined(phones) gin_trgm_ops)',
  'create index on customers using gin (address gin_trgm_ops)',
]

/**
 * Makes the twin's database and empty tables without indexes, and returns its URL. C.UTF-8 for character types, since in the C locale pg_trgm takes
 * no Chinese character for a letter and finds nothing.
 */
export const makeTwin = async (ownerUrl: string): Promise<string> => {
  const admin = new pg.Client({ connectionString: ownerUrl })
  await admin.connect()
  await admin.query(`create database ${twinDatabase} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'`)
  await admin.end()
  const url = new URL(ownerUrl)
  url.pathname = `/${twinDatabase}`
  const twin = new pg.Client({ connectionString: url.href })
  await twin.connect()
  await twin.query(tables)
  await twin.end()
  return url.href
}

/** Builds the indexes, after the rows: as small and fast as they can be. */
export const indexTwin = async (twin: pg.Client): Promise<void> => {
  await twin.query("set maintenance_work_mem = '512MB'")
  for (const index of indexes) await twin.query(index)
  // What fastupdate left pending would be searched one by one.
  await twin.query('vacuum (analyze) customers')
}
