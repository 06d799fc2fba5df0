-- Entities. Sealed groups are envelopes only; store.test holds these tables equal to columnsOf(entity).
create table stores (
  id uuid primary key,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  name text not null,
  region text
);
create unique index stores_name on stores (name);

create table staff (
  id uuid primary key,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  subject integer not null unique references keys.subject,
  login text not null,
  roles text[] not null check (roles <@ array['owner', 'storeManager', 'salesConsultant', 'auditor']::text[]),
  store_ids uuid[] not null,
  active boolean not null,
  sealed_personal bytea not null check (keys.is_envelope(sealed_personal))
);
create unique index staff_login on staff (lower(login));

create table customers (
  id uuid primary key,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  subject integer not null unique references keys.subject,
  kind text not null check (kind in ('household', 'organisation')),
  store_id uuid not null references stores,
  owner_id uuid references staff,
  sealed_personal bytea not null check (keys.is_envelope(sealed_personal)),
  phones_bidx bytea[] not null,
  phones_bidx_next bytea[],
  emails_bidx bytea[] not null,
  emails_bidx_next bytea[],
  wechat_bidx bytea check (octet_length(wechat_bidx) = 16),
  wechat_bidx_next bytea check (octet_length(wechat_bidx_next) = 16)
);
create index customers_store on customers (store_id);
create index customers_owner on customers (owner_id);
create index customers_phones_bidx on customers using gin (phones_bidx) with (fastupdate = off);
create index customers_phones_bidx_next on customers using gin (phones_bidx_next) with (fastupdate = off);
create index customers_emails_bidx on customers using gin (emails_bidx) with (fastupdate = off);
create index customers_emails_bidx_next on customers using gin (emails_bidx_next) with (fastupdate = off);
create index customers_wechat_bidx on customers (wechat_bidx) where wechat_bidx is not null;
create index customers_wechat_bidx_next on customers (wechat_bidx_next) where wechat_bidx_next is not null;

create table interactions (
  id uuid primary key,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  subject integer not null references keys.subject,
  customer_id uuid not null references customers,
  kind text not null check (kind in ('call', 'visit', 'wechat', 'email', 'demo', 'note')),
  happened_at timestamptz not null,
  staff_id uuid not null references staff,
  sealed_personal bytea not null check (keys.is_envelope(sealed_personal))
);
create index interactions_customer on interactions (customer_id, happened_at desc);
create index interactions_subject on interactions (subject);
create index interactions_staff on interactions (staff_id);

grant select, insert, update on stores, staff to :runtime;
grant select, insert, update, delete on customers, interactions to :runtime;
