-- Who meets which customer when. What is plain says who of the dealer is busy, and not with whom: the customer is a number.
create table appointments (
  id uuid primary key,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  trashed_at timestamptz,
  subject integer not null references keys.subject,
  customer_id uuid not null references customers,
  kind text not null check (kind in ('survey', 'demo', 'delivery', 'installation', 'handover', 'service', 'call', 'other')),
  assignee_ids uuid[] not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  state text not null check (state in ('planned', 'done', 'missed', 'cancelled')),
  staff_id uuid not null references staff,
  sealed_personal bytea not null check (keys.is_envelope(sealed_personal)),
  check (ends_at > starts_at)
);
create index appointments_customer on appointments (customer_id, starts_at desc);
create index appointments_subject on appointments (subject);
create index appointments_staff on appointments (staff_id);
create index appointments_starts on appointments (starts_at);

-- Who goes to whom: what opens a customer to somebody for a day, and so a row that grants, under a MAC (server/auth/workingSet.ts). Asked for with every
-- look at a session, by person and time.
create table auth.assignment (
  appointment_id uuid not null references appointments on delete cascade,
  staff_id uuid not null references staff,
  customer_id uuid not null references customers on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  mac bytea not null check (octet_length(mac) = 32),
  primary key (appointment_id, staff_id)
);
create index assignment_staff on auth.assignment (staff_id, ends_at);
create index assignment_customer on auth.assignment (customer_id);

grant select, insert, update, delete on appointments, auth.assignment to :runtime;
