-- Which role a member of staff has, and for which stores. `staff.roles` shows it; these rows grant it, each under a MAC, so that neither an inserted
-- nor an altered row grants anything.
create table auth.role_grant (
  staff_id uuid not null references staff,
  role text not null,
  store_ids uuid[] not null,
  granted_by uuid references staff,
  granted_at timestamptz not null,
  mac bytea not null check (octet_length(mac) = 32),
  primary key (staff_id, role)
);
grant select, insert, update, delete on auth.role_grant to :runtime;
