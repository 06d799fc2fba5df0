-- Breaking the glass (DESIGN 6): asked for with a reason, agreed to by others, an hour long, told to everybody who guards, and looked into afterwards.
create table auth.emergency (
  id uuid primary key,
  staff_id uuid not null references staff,
  subject integer not null references keys.subject,
  reason text not null,
  sealed_note bytea not null check (keys.is_envelope(sealed_note)),
  store_ids uuid[] not null,
  approval uuid not null references auth.approval,
  asked_at timestamptz not null,
  mac bytea not null check (octet_length(mac) = 32),
  granted_at timestamptz,
  ends_at timestamptz,
  reviewed_by uuid references staff,
  reviewed_at timestamptz,
  verdict text check (verdict in ('justified', 'misused')),
  check ((granted_at is null) = (ends_at is null) and (reviewed_by is null) = (verdict is null) and (reviewed_at is null) = (verdict is null))
);
create index emergency_approval on auth.emergency (approval);
create index emergency_asked on auth.emergency (asked_at);
grant select, insert, update on auth.emergency to :runtime;
