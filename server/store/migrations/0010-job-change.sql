-- What a job changed, so that it can be undone (docs/architecture.md, Jobs). Written in the transaction of the change.
alter table job add column changes bigint not null default 0;
alter table job add column undoes uuid references job;
-- One undoing of a job at a time, and none after one that came to its end.
create unique index job_undoes on job (undoes) where state in ('queued', 'running', 'paused', 'done');

create table job_change (
  job uuid not null references job,
  seq bigint not null,
  entity text not null,
  record uuid not null,
  subject integer not null,
  kind text not null,
  version_before integer,
  version_after integer not null,
  -- Names of the fields that changed; what stood in them before and after is sealed under the key of the person.
  fields text[] not null,
  sealed_before bytea check (keys.is_envelope(sealed_before)),
  -- done, partly or kept:<reason>; null until somebody undoes the job.
  undone text,
  version_undone integer,
  primary key (job, seq),
  check (kind <> 'update' or sealed_before is not null)
);
-- An erasure takes a person's rows; undoing looks for later changes of the same record.
create index job_change_subject on job_change (subject);
grant select, insert, delete, update (sealed_before, undone, version_undone) on job_change to :runtime;
