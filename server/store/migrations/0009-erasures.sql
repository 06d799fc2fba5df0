-- What the certificate of an erasure tells: under which epoch the destroyed key lay (its date holds once that epoch's key is gone), and all entries of the
-- act, which share a transaction. Null for erasures before this was noted.
alter table keys.tombstone
  add column epoch integer check (epoch > 0),
  add column key_version integer check (key_version > 0),
  add column suite smallint check (suite in (1, 2));
create index entry_erase on audit.entry (tx, id) where action = 'erase' and records is not null;
