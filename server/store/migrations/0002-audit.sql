-- The audit log. The run-time role may add and read, nothing else.
create schema audit;

-- `tx` stands before `id`: defaults are evaluated in column order, so an entry's transaction has its number before the entry has an id.
-- The sequencer relies on that when it decides that a missing id will never come.
create table audit.entry (
  tx xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor uuid,
  action text not null,
  entity text not null,
  -- Copies of what the leaf says, to be asked by; the leaf is what counts.
  subjects integer[] not null,
  -- The records a write touched, null for reads: the newest such entry tells which envelopes are current.
  records uuid[],
  leaf bytea not null check (octet_length(leaf) between 32 and 65535),
  -- Personal data of the entry, sealed under the key of `detail_subject`; the leaf holds a salted commitment to it.
  detail bytea check (keys.is_envelope(detail)),
  detail_subject integer,
  check ((detail is null) = (detail_subject is null))
);
-- A small pending list: the flush is paid by whoever appends, and must not be felt.
create index entry_subjects on audit.entry using gin (subjects) with (gin_pending_list_limit = 256);
create index entry_records on audit.entry using gin (records) with (fastupdate = off) where records is not null;
create index entry_actor on audit.entry (actor, id);
create index entry_at on audit.entry (at);

-- Subjects and records of entries with more than 1,000: the leaf commits to the chunks.
create table audit.entry_chunk (
  entry_id bigint not null,
  n integer not null,
  subjects integer[] not null,
  records uuid[] not null,
  primary key (entry_id, n)
);
create index entry_chunk_subjects on audit.entry_chunk using gin (subjects);

-- Dense order of committed entries. `low`: every entry id up to it is in this table or will never exist; where a new leader begins.
create table audit.sequence (
  idx bigint primary key check (idx >= 0),
  entry_id bigint not null unique,
  low bigint
);
create index sequence_low on audit.sequence (idx) where low is not null;

grant usage on schema audit to :runtime;
grant select, insert on audit.entry, audit.entry_chunk, audit.sequence to :runtime;
