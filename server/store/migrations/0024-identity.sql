-- Whom an identity provider means by somebody: issuer and subject as one keyed hash, so that the table names nobody (DESIGN 4).
create table auth.identity (
  key bytea primary key check (octet_length(key) = 32),
  staff_id uuid not null unique references staff,
  provider text not null check (length(provider) <= 20),
  linked_at timestamptz not null,
  mac bytea not null check (octet_length(mac) = 32)
);
grant select, insert, update, delete on auth.identity to :runtime;
