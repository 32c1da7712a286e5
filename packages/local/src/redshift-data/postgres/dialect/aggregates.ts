/** The average of whole numbers is one, cut off. */
const average = (type: string): string => `
create function pg_catalog.redshift_add_to_average(state bigint[], value ${type}) returns bigint[]
language sql immutable strict as 'select array[state[1] + 1, state[2] + value]';
create aggregate pg_catalog.avg(${type}) (
  sfunc = pg_catalog.redshift_add_to_average, stype = bigint[], initcond = '{0,0}',
  finalfunc = pg_catalog.redshift_whole_average
);`;

/** The median of whole numbers has one digit after the point; how many that of decimals has is not documented. */
const median = (type: string): string => `
create function pg_catalog.redshift_collect(state bigint[], value ${type}) returns bigint[]
language sql immutable strict as 'select state || value::bigint';
create aggregate pg_catalog.median(${type}) (
  sfunc = pg_catalog.redshift_collect, stype = bigint[], initcond = '{}', finalfunc = pg_catalog.redshift_whole_median
);`;

/** Aggregates of Redshift that PostgreSQL has not, or has with another result. */
export const AGGREGATES = `
create function pg_catalog.redshift_whole_average(state bigint[]) returns bigint language sql immutable strict as $$
  select case when state[1] > 0 then state[2] / state[1] end
$$;
${['int2', 'int4', 'int8'].map(average).join('')}
create function pg_catalog.redshift_whole_median(state bigint[]) returns numeric language sql immutable strict as $$
  select pg_catalog.avg(value::numeric)::numeric(38, 1) from (
    select value, row_number() over (order by value) as place, count(*) over () as total
    from pg_catalog.postgres_unnest(state) as given (value)
  ) as ordered where place in ((total + 1) / 2, (total + 2) / 2)
$$;
${['int2', 'int4', 'int8'].map(median).join('')}
create function pg_catalog.redshift_no_decimal_median(state numeric, value numeric) returns numeric
language plpgsql immutable as $$
begin
  raise exception 'MEDIAN of decimals is not supported by the local stage; of whole numbers and double precision it is';
end
$$;
create aggregate pg_catalog.median(numeric) (sfunc = pg_catalog.redshift_no_decimal_median, stype = numeric);
create function pg_catalog.redshift_collect(state float8[], value float8) returns float8[]
language sql immutable strict as 'select state || value';
create function pg_catalog.redshift_float_median(state float8[]) returns float8 language sql immutable strict as $$
  select percentile_cont(0.5) within group (order by value) from pg_catalog.postgres_unnest(state) as given (value)
$$;
create aggregate pg_catalog.median(float8) (
  sfunc = pg_catalog.redshift_collect, stype = float8[], initcond = '{}', finalfunc = pg_catalog.redshift_float_median
);
create function pg_catalog.redshift_double(input anyelement) returns float8 language plpgsql immutable strict as $$
begin
  if pg_typeof(input) not in ('float8'::regtype, 'float4'::regtype) then
    raise exception 'PERCENTILE_CONT of other than double precision is not supported by the local stage';
  end if;
  return input;
end
$$;
create function pg_catalog.redshift_only_text(input anyelement) returns text language plpgsql immutable strict as $$
begin
  if pg_typeof(input) not in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) then
    raise exception 'LISTAGG of DISTINCT values in the order of other than texts is not supported by the local stage';
  end if;
  return input;
end
$$;
create function pg_catalog.listagg(joined text) returns text language plpgsql immutable strict as $$
begin
  if octet_length(joined) > 65535 then raise exception 'Result size exceeds LISTAGG limit'; end if;
  return joined;
end
$$;
`;
