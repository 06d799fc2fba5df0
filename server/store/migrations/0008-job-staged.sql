-- A list that was uploaded and waits to be started is `staged`; `paused` is said only of work that somebody stopped for a while.
alter table job drop constraint job_state_check;
update job set state = 'staged' where state = 'paused';
alter table job add constraint job_state_check check (state in ('staged', 'queued', 'running', 'paused', 'done', 'failed', 'cancelled'));
