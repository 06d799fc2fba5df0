-- Customers, whole: contacts, consents, several WeChat ids and addresses, source, lawful basis, referrer. What is sealed of older customers is read under
-- its old names (server/store/upgradeContent.ts); tokens of the WeChat id stay those of the field's first name (server/store/exactIndex.ts).
alter table customers
  add column source text check (source in ('walkIn', 'referral', 'phone', 'wechat', 'web', 'douyin', 'xiaohongshu', 'exhibition', 'partner', 'import', 'other')),
  add column basis text check (basis in ('contract', 'consent', 'legalDuty', 'vital', 'publicNews', 'disclosed')),
  -- Whoever recommended somebody may be forgotten, and the recommended stays.
  add column referrer_id uuid references customers on delete set null,
  add column wechat_ids_bidx bytea[] not null default '{}',
  add column wechat_ids_bidx_next bytea[];
update customers set wechat_ids_bidx = array_remove(array[wechat_bidx], null),
  wechat_ids_bidx_next = case when wechat_bidx_next is null then null else array[wechat_bidx_next] end;
alter table customers alter column wechat_ids_bidx drop default, drop column wechat_bidx, drop column wechat_bidx_next;
create index customers_referrer on customers (referrer_id) where referrer_id is not null;
create index customers_wechat_ids_bidx on customers using gin (wechat_ids_bidx) with (fastupdate = off);
create index customers_wechat_ids_bidx_next on customers using gin (wechat_ids_bidx_next) with (fastupdate = off);

alter table interactions drop constraint interactions_kind_check;
alter table interactions add constraint interactions_kind_check
  check (kind in ('call', 'visit', 'wechat', 'email', 'demo', 'purchase', 'note'));

-- A person of a household or organisation, with a key of their own.
create table contacts (
  id uuid primary key,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  subject integer not null unique references keys.subject,
  customer_id uuid not null references customers,
  sealed_personal bytea not null check (keys.is_envelope(sealed_personal)),
  phones_bidx bytea[] not null,
  phones_bidx_next bytea[],
  emails_bidx bytea[] not null,
  emails_bidx_next bytea[],
  wechat_ids_bidx bytea[] not null,
  wechat_ids_bidx_next bytea[]
);
create index contacts_customer on contacts (customer_id);
create index contacts_phones_bidx on contacts using gin (phones_bidx) with (fastupdate = off);
create index contacts_phones_bidx_next on contacts using gin (phones_bidx_next) with (fastupdate = off);
create index contacts_emails_bidx on contacts using gin (emails_bidx) with (fastupdate = off);
create index contacts_emails_bidx_next on contacts using gin (emails_bidx_next) with (fastupdate = off);
create index contacts_wechat_ids_bidx on contacts using gin (wechat_ids_bidx) with (fastupdate = off);
create index contacts_wechat_ids_bidx_next on contacts using gin (wechat_ids_bidx_next) with (fastupdate = off);

create table consents (
  id uuid primary key,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  subject integer not null references keys.subject,
  customer_id uuid not null references customers,
  channel text not null check (channel in ('call', 'sms', 'wechat', 'email', 'post')),
  state text not null check (state in ('given', 'withdrawn')),
  happened_at timestamptz not null,
  how text not null check (how in ('spoken', 'written', 'wechat', 'web', 'imported')),
  staff_id uuid not null references staff,
  sealed_personal bytea not null check (keys.is_envelope(sealed_personal))
);
create index consents_customer on consents (customer_id, happened_at desc);
create index consents_subject on consents (subject);

grant select, insert, update, delete on contacts, consents to :runtime;
