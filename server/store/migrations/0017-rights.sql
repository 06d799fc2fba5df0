-- Who may what, for how long: a grant is lasting, temporary, delegated or for an emergency (domain/policy/actor.ts). Each row stands under a MAC; a
-- lasting one's covers what it covered before, so that rows from before this migration stay good.
alter table auth.role_grant drop constraint role_grant_pkey;
alter table auth.role_grant
  add column id uuid not null default gen_random_uuid() primary key,
  add column kind text not null default 'lasting' check (kind in ('lasting', 'temporary', 'delegated', 'emergency')),
  -- Whose records count as one's own beside one's own.
  add column for_staff uuid references staff,
  add column starts_at timestamptz,
  add column ends_at timestamptz,
  add check ((kind = 'lasting') = (ends_at is null)),
  add check ((kind = 'delegated') = (for_staff is not null));
create unique index role_grant_lasting on auth.role_grant (staff_id, role) where kind = 'lasting';
create index role_grant_staff on auth.role_grant (staff_id);

-- Roles of the dealer's own. The definition is text, not jsonb: its MAC is over the bytes.
create table auth.own_role (
  id text primary key check (id ~ '^own-[a-z0-9]{12}$'),
  name text not null,
  definition text not null,
  version integer not null,
  edited_by uuid references staff,
  edited_at timestamptz not null,
  retired_at timestamptz,
  mac bytea not null check (octet_length(mac) = 32)
);
create unique index own_role_name on auth.own_role (lower(name)) where retired_at is null;

-- Who may not act for now, and why.
create table auth.suspension (
  staff_id uuid primary key references staff,
  reason text not null check (reason in ('dormant', 'manual', 'review')),
  by_staff uuid references staff,
  at timestamptz not null
);

-- Where the dealer departs from the separation of powers (DESIGN 6), by whom it was accepted, and when it ended.
create table auth.deviation (
  id uuid primary key,
  kind text not null,
  staff_id uuid references staff,
  reason text not null,
  accepted_by uuid references staff,
  at timestamptz not null,
  ended_at timestamptz
);
create unique index deviation_open on auth.deviation (kind, staff_id) where ended_at is null;

grant select, insert, update on auth.own_role, auth.deviation to :runtime;
grant select, insert, delete on auth.suspension to :runtime;

-- Roles of one's own have ids of their own, so the column is no closed list any more; what counts are the grants.
alter table staff drop constraint staff_roles_check;
alter table staff add column joins_on date, add column leaves_on date;
