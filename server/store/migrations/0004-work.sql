-- Progress of background work. Payloads hold ids only (DESIGN 4, staged data).
create table job (
  id uuid primary key,
  kind text not null,
  state text not null check (state in ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
  total integer,
  done integer not null default 0,
  cursor jsonb,
  result jsonb,
  problem text,
  started_by uuid,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now()
);
create index job_created on job (created_at desc);

-- Facts about the installation: company, setup state, kit state. Never personal data.
create table setting (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

grant select, insert, update on job, setting to :runtime;

-- Sign-in. Rows that grant something carry a MAC, so a row inserted behind our back grants nothing (DESIGN 4).
create schema auth;

create table auth.credential (
  staff_id uuid primary key references staff,
  password_hash text not null,
  password_set_at timestamptz not null,
  must_change boolean not null default false,
  mac bytea not null check (octet_length(mac) = 32)
);

create table auth.session (
  id uuid primary key,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  csrf_hash bytea not null check (octet_length(csrf_hash) = 32),
  staff_id uuid not null references staff,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  step_up_at timestamptz,
  -- Address and browser, sealed under the staff member's own key.
  sealed_client bytea check (keys.is_envelope(sealed_client)),
  mac bytea not null check (octet_length(mac) = 32)
);
create index session_staff on auth.session (staff_id);
create index session_expires on auth.session (expires_at);

-- Keyed hashes of login names and addresses, with what was tried of late.
create table auth.throttle (
  key bytea primary key check (octet_length(key) between 16 and 32),
  failures integer not null,
  first_at timestamptz not null,
  blocked_until timestamptz
);

grant usage on schema auth to :runtime;
grant select, insert, update, delete on auth.credential, auth.session, auth.throttle to :runtime;
