/** Text functions of Redshift that PostgreSQL has not, or has with another result. */
export const TEXTS = `
create function pg_catalog.len(input text) returns integer language sql immutable strict as 'select length(input)';
create function pg_catalog.charindex(part text, input text) returns integer language sql immutable strict as $$
  select strpos(input, part)
$$;
create function pg_catalog.concat(first text, second text) returns text language sql immutable strict as $$
  select first || second
$$;
create function pg_catalog.replicate(input text, n integer) returns text language sql immutable strict as $$
  select repeat(input, n)
$$;
create function pg_catalog.sha2(input text, bits integer) returns text language plpgsql immutable strict as $$
begin
  return postgres_encode(case bits
    when 0 then sha256(convert_to(input, 'UTF8')) when 256 then sha256(convert_to(input, 'UTF8'))
    when 224 then sha224(convert_to(input, 'UTF8')) when 384 then sha384(convert_to(input, 'UTF8'))
    when 512 then sha512(convert_to(input, 'UTF8')) end, 'hex');
end
$$;
create function pg_catalog.strtol(input text, base integer) returns bigint language plpgsql immutable strict as $$
declare
  digit integer;
  result bigint := 0;
  digits text := lower(trim(input));
begin
  if base not between 2 and 36 then raise exception 'Base % is out of range', base; end if;
  if base = 16 and digits like '0x%' then digits := substr(digits, 3); end if;
  for i in 1 .. length(ltrim(digits, '-')) loop
    digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(ltrim(digits, '-'), i, 1)) - 1;
    if digit < 0 or digit >= base then
      raise exception 'The input % is not valid to be converted to base %', input, base;
    end if;
    result := result * base + digit;
  end loop;
  return case when digits like '-%' then -result else result end;
end
$$;
create function pg_catalog.redshift_regex_flags(flags text) returns text language plpgsql immutable strict as $$
begin
  if flags !~ '^[ci]*$' then
    raise exception 'the parameter % of a regular expression function is not supported by the local stage', flags;
  end if;
  return flags;
end
$$;
create function pg_catalog.redshift_replacement(replacement text) returns text language plpgsql immutable strict as $$
begin
  if replacement ~ '[$\\\\]' then
    raise exception 'REGEXP_REPLACE with $ or \\ in the replacement is not supported by the local stage';
  end if;
  return replacement;
end
$$;
create function pg_catalog.regexp_substr(source text, pattern text, start integer default 1, n integer default 1,
  flags text default 'c') returns text language sql immutable strict as $$
  select coalesce(postgres_regexp_substr(source, pattern, start, n, pg_catalog.redshift_regex_flags(flags)), '')
$$;
create function pg_catalog.regexp_replace(source text, pattern text, replacement text default '', start integer default 1,
  flags text default 'c') returns text language sql immutable strict as $$
  select postgres_regexp_replace(source, pattern, pg_catalog.redshift_replacement(replacement), start, 0,
    pg_catalog.redshift_regex_flags(flags))
$$;
create function pg_catalog.round(input float8, digits integer) returns float8 language sql immutable strict as $$
  select round(input::numeric, digits)::float8
$$;
create function pg_catalog.trunc(input float8, digits integer) returns float8 language sql immutable strict as $$
  select trunc(input::numeric, digits)::float8
$$;
`;
