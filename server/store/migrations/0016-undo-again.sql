-- An undoing that came to its end may have left what its actor could not change: somebody who may then undoes the rest. One at a time it stays.
drop index job_undoes;
create unique index job_undoes on job (undoes) where state in ('queued', 'running', 'paused');
create index job_undone on job (undoes) where undoes is not null;
