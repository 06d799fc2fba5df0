-- Which record was merged into which, as long as it lies in the trash for that: who erases the one erases the other with it.
create table merged (
  record uuid primary key references customers on delete cascade,
  into_record uuid not null references customers on delete cascade,
  job uuid not null references job,
  merged_at timestamptz not null default now()
);
create index merged_into on merged (into_record);

-- Customers who may be the same person, each pair once. Ids and codes only: what made them look alike stays in the index.
create table duplicate_pair (
  a uuid not null references customers on delete cascade,
  b uuid not null references customers on delete cascade,
  reasons text[] not null check (reasons <@ array['phone', 'email', 'wechat', 'contact', 'likeness']::text[]),
  found_at timestamptz not null default now(),
  dismissed_at timestamptz,
  dismissed_by uuid references staff,
  primary key (a, b),
  check (a < b)
);
create index duplicate_pair_b on duplicate_pair (b);

grant select, insert, delete on merged to :runtime;
grant select, insert, update, delete on duplicate_pair to :runtime;
