-- People who were erased while an import was open, by the tokens under which they were found: the list must not bring them back. Gone with the list.
create table import_shun (
  job uuid not null references job on delete cascade,
  token bytea not null check (octet_length(token) = 16),
  primary key (job, token)
);
grant select, insert, delete on import_shun to :runtime;
