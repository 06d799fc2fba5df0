-- Factors, devices and what a session has shown. Whatever opens a door carries a MAC over all that matters (DESIGN 4).

-- A browser that somebody signed in with. The cookie holds a random secret; here is its hash. Which browser on which system is kept coarse.
create table auth.device (
  id uuid primary key,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  browser text not null check (length(browser) <= 20),
  system text not null check (length(system) <= 20),
  created_at timestamptz not null,
  lost_at timestamptz,
  mac bytea not null check (octet_length(mac) = 32)
);

-- A person on a device: guesses are counted apart for those who were there before; PIN and draft key belong to the two together.
create table auth.device_staff (
  device_id uuid not null references auth.device,
  staff_id uuid not null references staff,
  first_at timestamptz not null,
  pin_hash text,
  pin_failures integer not null default 0,
  -- Under which the browser keeps drafts; sealed under the person's own key. Gone: the drafts are gone.
  sealed_draft_key bytea check (keys.is_envelope(sealed_draft_key)),
  lost_at timestamptz,
  mac bytea not null check (octet_length(mac) = 32),
  primary key (device_id, staff_id)
);
create index device_staff_staff on auth.device_staff (staff_id);

-- Sessions begin anew: their MAC covers more from now on.
delete from auth.session;
alter table auth.session
  add column device_id uuid references auth.device,
  add column method text not null,
  add column shown text not null,
  add column locked_at timestamptz;
alter table auth.session alter column step_up_at set not null;
create index session_device on auth.session (device_id);

-- When the account signed in first: the grace for a second factor runs from then.
alter table auth.credential add column first_sign_in_at timestamptz;

create table auth.passkey (
  id uuid primary key,
  staff_id uuid not null references staff,
  credential_id text not null unique check (length(credential_id) between 1 and 1400),
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  synced boolean not null,
  -- Where it was registered.
  device_id uuid references auth.device,
  -- What its owner calls it, sealed under their own key.
  sealed_name bytea not null check (keys.is_envelope(sealed_name)),
  created_at timestamptz not null,
  used_at timestamptz,
  mac bytea not null check (octet_length(mac) = 32)
);
create index passkey_staff on auth.passkey (staff_id);

create table auth.totp (
  staff_id uuid primary key references staff,
  sealed_secret bytea not null check (keys.is_envelope(sealed_secret)),
  created_at timestamptz not null,
  -- The last time step whose code was accepted: none counts twice.
  last_step bigint not null,
  mac bytea not null check (octet_length(mac) = 32)
);

create table auth.recovery_code (
  staff_id uuid not null references staff,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  created_at timestamptz not null,
  used_at timestamptz,
  mac bytea not null check (octet_length(mac) = 32),
  primary key (staff_id, code_hash)
);

-- A question that is answered once, within minutes, for one purpose and by whom it was put to.
create table auth.challenge (
  key bytea primary key check (octet_length(key) = 32),
  purpose text not null,
  binding text not null,
  expires_at timestamptz not null,
  sealed_detail bytea check (keys.is_envelope(sealed_detail)),
  mac bytea not null check (octet_length(mac) = 32)
);
create index challenge_expires on auth.challenge (expires_at);

-- One-time links: an invitation, or the way back for who lost their factors.
create table auth.link (
  id uuid primary key,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  purpose text not null check (purpose in ('invite', 'recover')),
  staff_id uuid not null references staff,
  issued_by uuid not null references staff,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  used boolean not null default false,
  mac bytea not null check (octet_length(mac) = 32)
);
create index link_staff on auth.link (staff_id);

grant select, insert, update, delete on auth.device, auth.device_staff, auth.passkey, auth.totp, auth.recovery_code, auth.challenge, auth.link to :runtime;

-- What a member of staff is told in the product: a code and ids, never personal data.
create table notice (
  id bigint generated always as identity primary key,
  staff_id uuid not null references staff,
  kind text not null check (kind ~ '^[a-z][a-z_]{0,39}$'),
  detail jsonb not null default '{}',
  at timestamptz not null default now(),
  seen_at timestamptz
);
create index notice_staff on notice (staff_id, id desc);

grant select, insert, update, delete on notice to :runtime;
