-- Three days of somebody's assignments are found by when they begin, since none lasts longer than three (server/auth/workingSet.ts): by when they end, all that
-- are still to come were read and thrown away.
drop index auth.assignment_staff;
create index assignment_staff on auth.assignment (staff_id, starts_at);
