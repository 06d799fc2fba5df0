-- How a member of staff likes to work: columns, saved views. A saved view may hold a search text, so the value is sealed under the person's own key.
create table preference (
  staff_id uuid not null references staff,
  key text not null check (key ~ '^[a-z][A-Za-z.]{0,39}$'),
  subject integer not null references keys.subject,
  version integer not null check (version > 0),
  sealed_value bytea not null check (keys.is_envelope(sealed_value)),
  updated_at timestamptz not null default now(),
  primary key (staff_id, key)
);

grant select, insert, update, delete on preference to :runtime;
