-- Reviews of who may what (DESIGN 6): opened by the calendar, decided by those who grant, closed with a sealed record. What nobody decided expires.
create table auth.review (
  id uuid primary key,
  kind text not null check (kind in ('privileged', 'all')),
  opened_at timestamptz not null,
  due_at timestamptz not null,
  closed_at timestamptz,
  -- The record of a closed review: canonical JSON under a seal.
  report text,
  seal text,
  check ((closed_at is null) = (report is null) and (report is null) = (seal is null))
);
create unique index review_open on auth.review (kind) where closed_at is null;

-- One role of one person, as it stood when the review opened.
create table auth.review_item (
  review_id uuid not null references auth.review,
  staff_id uuid not null references staff,
  role text not null,
  store_ids uuid[] not null,
  decision text check (decision in ('keep', 'remove', 'expired', 'exempt')),
  decided_by uuid references staff,
  decided_at timestamptz,
  -- When the one who decided was shown it: what is decided faster than it can be read is said.
  shown_at timestamptz,
  primary key (review_id, staff_id, role)
);

-- A program that asks: registered with an owner and a purpose; it is one of the staff that no person is, so that grants, reviews and the log know one kind of actor.
alter table staff add column kind text not null default 'person' check (kind in ('person', 'service'));
create table auth.service_account (
  staff_id uuid primary key references staff,
  owner_id uuid not null references staff,
  purpose text not null,
  created_by uuid not null references staff,
  created_at timestamptz not null,
  mac bytea not null check (octet_length(mac) = 32)
);
create table auth.service_token (
  id uuid primary key,
  staff_id uuid not null references auth.service_account,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  -- Whether it may only read.
  read_only boolean not null,
  -- Addresses it may be used from, in CIDR form; empty: any.
  addresses cidr[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  mac bytea not null check (octet_length(mac) = 32)
);
create index service_token_staff on auth.service_token (staff_id);

-- Whose leaving has been carried out: ways to sign in, sessions, tokens, grants are gone.
create table auth.departure (
  staff_id uuid primary key references staff,
  at timestamptz not null
);

grant select, insert, update on auth.review, auth.review_item to :runtime;
grant select, insert, update, delete on auth.service_account, auth.service_token, auth.departure to :runtime;

-- Acts that are not looks and uses: few, and asked for by name ('who exported?', 'when did she last import?') in a log that is mostly looks.
create index entry_rare on audit.entry (action, actor, id)
  where action not in ('read', 'list', 'search', 'lens', 'reveal', 'preference', 'create', 'update', 'use_call', 'use_message', 'use_copy', 'use_navigate');
