-- docs/crypto.md: version 2 binds store and owner too (docs/decisions/0005). An envelope of version 1 is not read any more, and not written.
create or replace function keys.is_envelope(value bytea) returns boolean language sql immutable strict parallel safe as $$
  select octet_length(value) between 132 and 16777348 and octet_length(value) % 64 = 4
    and substr(value, 1, 1) = '\x02' and substr(value, 2, 1) in ('\x01', '\x02')
$$;
