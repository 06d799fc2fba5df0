-- Two-person rules (DESIGN 6): what somebody asked, and who decided. Each row under a MAC: neither an inserted nor an altered row agrees to anything.
create table auth.approval (
  id uuid primary key,
  kind text not null check (kind in ('export', 'breakGlass')),
  -- What is asked for: a job, or whatever the kind has.
  target uuid not null,
  asked_by uuid not null references staff,
  asked_at timestamptz not null,
  needed integer not null check (needed between 1 and 5),
  expires_at timestamptz not null,
  -- From when on, in a small shop, whoever asked may agree with themselves; null: never.
  self_after timestamptz,
  mac bytea not null check (octet_length(mac) = 32)
);
create index approval_target on auth.approval (target);
create index approval_expires on auth.approval (expires_at);

create table auth.approval_decision (
  approval uuid not null references auth.approval,
  decided_by uuid not null references staff,
  verdict text not null check (verdict in ('approve', 'refuse')),
  decided_at timestamptz not null,
  -- In their own words, under the decider's key.
  sealed_reason bytea check (keys.is_envelope(sealed_reason)),
  mac bytea not null check (octet_length(mac) = 32),
  primary key (approval, decided_by)
);
grant select, insert on auth.approval, auth.approval_decision to :runtime;

-- Exports: what was asked, which is never changed and under a MAC, and how it stands. The selection itself is in job_item.
create table export (
  job uuid primary key references job,
  staff_id uuid not null references staff,
  subject integer not null references keys.subject,
  format text not null check (format in ('csv', 'xlsx', 'vcard')),
  purpose text not null,
  language text not null check (language in ('zh', 'en')),
  fields text[] not null,
  rows integer not null,
  -- SHA-256 over the ids of the selection, in order.
  selection bytea not null check (octet_length(selection) = 32),
  approval uuid references auth.approval,
  asked_at timestamptz not null,
  mac bytea not null check (octet_length(mac) = 32),
  sealed_note bytea check (keys.is_envelope(sealed_note)),
  -- The file, while there is one: its wrapped key, and the passphrase until it was shown.
  wrapped text,
  sealed_passphrase bytea check (keys.is_envelope(sealed_passphrase)),
  bytes bigint,
  ready_at timestamptz,
  expires_at timestamptz,
  downloads integer not null default 0,
  gone text check (gone in ('expired', 'used', 'recalled')),
  recalled_by uuid references staff
);
create index export_staff on export (staff_id, asked_at);
create index export_expires on export (expires_at) where wrapped is not null;
grant select, insert, update on export to :runtime;

-- Links by which somebody outside sees what was shared. The token is in the link only; the PIN is told apart.
create table share (
  id uuid primary key,
  kind text not null check (kind in ('export', 'customer')),
  target uuid not null,
  -- The person a customer's sheet is about.
  about integer references keys.subject,
  fields text[] not null,
  language text not null check (language in ('zh', 'en')),
  staff_id uuid not null references staff,
  subject integer not null references keys.subject,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  pin_mac bytea not null check (octet_length(pin_mac) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  mac bytea not null check (octet_length(mac) = 32),
  -- Who it is for, under the sharer's key.
  sealed_recipient bytea not null check (keys.is_envelope(sealed_recipient)),
  recalled_at timestamptz,
  recalled_by uuid references staff
);
create index share_staff on share (staff_id, created_at desc);
create index share_target on share (target);

create table share_opening (
  share uuid not null references share,
  at timestamptz not null default now(),
  outcome text not null check (outcome in ('opened', 'downloaded', 'pin_wrong')),
  -- Network address and browser, under the sharer's key.
  sealed_from bytea check (keys.is_envelope(sealed_from))
);
create index share_opening_share on share_opening (share, at desc);
grant select, insert, update on share to :runtime;
grant select, insert on share_opening to :runtime;
