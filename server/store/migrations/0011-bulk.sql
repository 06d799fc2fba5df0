-- Changes of many customers at once. Which ones is frozen when the job starts, ordered by id: the order somebody looked at may be that of names.
create table job_item (
  job uuid not null references job,
  n integer not null,
  record uuid not null,
  primary key (job, n)
);
-- What a job was told that is personal (a tag): sealed under the key of the one who started it, and gone when the job has ended.
alter table job add column sealed_task bytea check (keys.is_envelope(sealed_task));
grant select, insert, delete on job_item to :runtime;
