-- The oldest epoch that may still wrap a key. A rotation raises it before it destroys the older epoch keys: a key that another process wrapped a moment
-- ago under the old epoch is then refused, and not stored to be lost.
create table keys.epoch_floor (
  one boolean primary key default true check (one),
  epoch integer not null
);
insert into keys.epoch_floor (epoch) values (1);

create function keys.check_floor() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.epoch < (select epoch from keys.epoch_floor) then
    raise exception 'wrapped under a retired epoch' using errcode = 'AN004', schema = 'keys', table = 'data_key';
  end if;
  return new;
end $$;
create trigger check_floor before insert or update of epoch on keys.data_key for each row execute function keys.check_floor();
revoke all on function keys.check_floor() from public;

grant select, update (epoch) on keys.epoch_floor to :runtime;
