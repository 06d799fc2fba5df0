-- Wrapped data keys. The epoch keys that wrap them are never in this database (DESIGN 4).
create schema keys;

-- docs/crypto.md: version 1, suite 1 or 2, 52 bytes of header, a multiple of 64 of ciphertext, 16 of tag. Plaintext cannot be stored by mistake.
-- substr() never throws on a short value. At most 16 MiB of plaintext.
create function keys.is_envelope(value bytea) returns boolean language sql immutable strict parallel safe as $$
  select octet_length(value) between 132 and 16777348 and octet_length(value) % 64 = 4
    and substr(value, 1, 1) = '\x01' and substr(value, 2, 1) in ('\x01', '\x02')
$$;

-- A number per data subject: small, so that audit entries and the search worker hold millions. Taken in blocks of 64 per process.
create sequence keys.subject_number as integer increment by 64 minvalue 1;

-- Every subject that ever had a key. Rows are made by the trigger below only, and stay: that is what forbids a second first key.
create table keys.subject (
  id integer primary key,
  created_at timestamptz not null default now()
);

create table keys.data_key (
  subject integer primary key,
  epoch integer not null check (epoch > 0),
  version integer not null check (version > 0),
  suite smallint not null check (suite in (1, 2)),
  wrapped bytea not null check (octet_length(wrapped) = 61)
);
create index data_key_epoch on keys.data_key (epoch, subject);

-- The shred list: whoever stands here never gets a key again, also after a restore of an older snapshot.
create table keys.tombstone (
  subject integer primary key,
  erased_at timestamptz not null,
  complete_by timestamptz not null check (complete_by > erased_at)
);

-- A key is minted once per subject (peers.md: two workers minting for one subject; erased subjects silently getting a fresh key).
-- The primary key of keys.subject makes the second of two concurrent mints wait, and then fail.
create function keys.record_subjects() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from minted m join keys.tombstone t on t.subject = m.subject) then
    raise exception 'a key for an erased subject' using errcode = 'AN001', schema = 'keys', table = 'data_key';
  end if;
  if exists (select from minted where version <> 1) then
    raise exception 'a first key must be version 1' using errcode = 'AN003', schema = 'keys', table = 'data_key';
  end if;
  insert into keys.subject (id) select subject from minted;
  return null;
end $$;
create trigger record_subjects after insert on keys.data_key referencing new table as minted
  for each statement execute function keys.record_subjects();

-- A change either re-wraps the same key under another epoch or replaces it by its next version (re-sealing).
create function keys.check_succession() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.subject <> old.subject or new.version not in (old.version, old.version + 1) or (new.version = old.version and new.suite <> old.suite) then
    raise exception 'not a successor of the key' using errcode = 'AN003', schema = 'keys', table = 'data_key';
  end if;
  return new;
end $$;
create trigger check_succession before update on keys.data_key for each row execute function keys.check_succession();

revoke all on function keys.record_subjects() from public;
revoke all on function keys.check_succession() from public;

grant usage on schema keys to :runtime;
grant usage on sequence keys.subject_number to :runtime;
grant select on keys.subject to :runtime;
grant select, insert, delete, update (epoch, version, suite, wrapped) on keys.data_key to :runtime;
grant select, insert on keys.tombstone to :runtime;
