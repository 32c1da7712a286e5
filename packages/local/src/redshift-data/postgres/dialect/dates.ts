/** Adds, by kind of argument; a DATE or a text becomes a TIMESTAMP. */
const dateAdd = (input: string, output: string): string => `
create function pg_catalog.date_add(part text, n bigint, input ${input}) returns ${output} language sql stable strict as $$
  select pg_catalog.redshift_date_add(part, n, input::${output})
$$;`;

/**
 * 29 February and n years is 1 March where there is no 29 February; months stop at the end of the month.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html
 */
const dateAddOf = (type: string): string => `
create function pg_catalog.redshift_date_add(part text, n bigint, input ${type}) returns ${type} language sql stable strict as $$
  select case part
    when 'microsecond' then input + n * interval '1 microsecond'
    when 'millisecond' then input + n * interval '1 millisecond'
    when 'second' then input + n * interval '1 second'
    when 'minute' then input + n * interval '1 minute'
    when 'hour' then input + n * interval '1 hour'
    when 'day' then input + n * interval '1 day'
    when 'week' then input + n * interval '7 days'
    when 'month' then input + n * interval '1 month'
    when 'quarter' then input + n * interval '3 months'
    else input + n * years.one + case
      when to_char(input, 'MMDD') = '0229' and to_char(input + n * years.one, 'MMDD') = '0228' then interval '1 day'
      else interval '0' end
  end
  from (select case part
    when 'year' then interval '1 year' when 'decade' then interval '10 years'
    when 'century' then interval '100 years' when 'millennium' then interval '1000 years' end) as years (one)
$$;`;

const dateDiff = (type: string): string => `
create function pg_catalog.date_diff(part text, first ${type}, second ${type}) returns bigint language sql stable strict as $$
  select pg_catalog.redshift_boundaries(part, second::timestamp) - pg_catalog.redshift_boundaries(part, first::timestamp)
    + pg_catalog.redshift_check_weeks(part, first::timestamp, second::timestamp)
$$;`;

/** How many boundaries of the part lie before a time. */
const BOUNDARIES = `
create function pg_catalog.redshift_boundaries(part text, input timestamp) returns bigint language sql immutable strict as $$
  select case part
    when 'microsecond' then (extract(epoch from input) * 1000000)::bigint
    when 'millisecond' then floor(extract(epoch from input) * 1000)::bigint
    when 'second' then floor(extract(epoch from input))::bigint
    when 'minute' then floor(extract(epoch from input) / 60)::bigint
    when 'hour' then floor(extract(epoch from input) / 3600)::bigint
    when 'day' then (input::date - date '2000-01-01')::bigint
    when 'week' then floor((input::date - date '2000-01-03') / 7.0)::bigint
    when 'month' then (extract(year from input) * 12 + extract(month from input))::bigint
    when 'quarter' then (extract(year from input) * 4 + extract(quarter from input))::bigint
    when 'year' then extract(year from input)::bigint
    when 'decade' then extract(decade from input)::bigint
    when 'century' then extract(century from input)::bigint
    when 'millennium' then extract(millennium from input)::bigint
  end
$$;
create function pg_catalog.redshift_check_weeks(part text, first timestamp, second timestamp) returns bigint
language plpgsql immutable strict as $$
begin
  if part = 'week' and floor((second::date - date '2000-01-02') / 7.0) - floor((first::date - date '2000-01-02') / 7.0)
    <> floor((second::date - date '2000-01-03') / 7.0) - floor((first::date - date '2000-01-03') / 7.0)
  then
    raise exception 'DATEDIFF by week where it matters on which day weeks begin is not supported by the local stage';
  end if;
  return 0;
end
$$;`;

const extract = (type: string, result: string): string => `
create function pg_catalog.date_part(part text, input ${type}, is_extract boolean) returns ${result}
language sql stable strict as $$
  select case part
    when 'second' then floor(extract(second from input))
    when 'millisecond' then floor(extract(millisecond from input))::int % 1000
    when 'microsecond' then floor(extract(microsecond from input))::int % 1000000
    else floor(date_part(part, input))
  end::${result}
$$;`;

/** DATE_PART, under the name that its column has in Redshift. */
const datePart = (type: string): string => `
create function pg_catalog.pgdate_part(part text, input ${type}) returns float8 language sql stable strict as $$
  select date_part(part, input)
$$;`;

const ADD_MONTHS = ['date', 'timestamp', 'text']
  .map(
    (type) => `
create function pg_catalog.add_months(input ${type}, n integer) returns timestamp language sql stable strict as $$
  select case
    when input::date = pg_catalog.last_day(input::timestamp)
    then pg_catalog.last_day(input::timestamp + n * interval '1 month') + input::timestamp::time
    else input::timestamp + n * interval '1 month'
  end
$$;`,
  )
  .join('');

/** Date and time functions of Redshift; `"timestamp"` is SYSDATE. */
export const DATES = `
create function pg_catalog.getdate() returns timestamp language sql stable as 'select statement_timestamp()::timestamp';
create function pg_catalog."timestamp"() returns timestamp language sql stable as 'select now()::timestamp';
create function pg_catalog.last_day(input timestamp) returns date language sql immutable strict as $$
  select (date_trunc('month', input) + interval '1 month - 1 day')::date
$$;
create function pg_catalog.months_between(first timestamp, second timestamp) returns float8 language sql immutable strict as $$
  select (extract(year from first) - extract(year from second)) * 12 + extract(month from first) - extract(month from second)
    + case
      when extract(day from first) = extract(day from second)
        or first::date = pg_catalog.last_day(first) and second::date = pg_catalog.last_day(second) then 0
      else (extract(epoch from first - date_trunc('month', first)) - extract(epoch from second - date_trunc('month', second)))
        / 86400.0 / 31
    end
$$;
create function pg_catalog.trunc(input timestamp) returns date language sql immutable strict as 'select input::date';
create function pg_catalog.date_trunc(part text, input date) returns timestamp language sql immutable strict as $$
  select date_trunc(part, input::timestamp)
$$;
create function pg_catalog.convert_timezone(zone text, input timestamp) returns timestamp language sql immutable strict as $$
  select input at time zone 'UTC' at time zone zone
$$;
create function pg_catalog.convert_timezone(source text, target text, input timestamp) returns timestamp
language sql immutable strict as 'select input at time zone source at time zone target';
create function pg_catalog.next_day(input timestamp, day text) returns date language sql immutable strict as $$
  select (input::date + 1 + (position(lower(left(day, 3)) in 'sunmontuewedthufrisat') / 3
    - extract(dow from input)::int + 6) % 7)::date
  where lower(left(day, 3)) in ('sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat')
$$;
${['timestamp', 'timestamptz'].map(dateAddOf).join('')}
${dateAdd('timestamp', 'timestamp')}${dateAdd('date', 'timestamp')}${dateAdd('text', 'timestamp')}${dateAdd('timestamptz', 'timestamptz')}
${BOUNDARIES}
${['timestamp', 'date', 'text', 'timestamptz'].map(dateDiff).join('')}
create function pg_catalog.date_diff(part text, first time, second time) returns bigint language sql stable strict as $$
  select pg_catalog.date_diff(part, date '2000-01-01' + first, date '2000-01-01' + second)
$$;
${ADD_MONTHS}
${['timestamp', 'date', 'time'].map((type) => extract(type, 'integer')).join('')}${extract('timestamptz', 'float8')}
${['timestamp', 'date', 'time', 'timestamptz'].map(datePart).join('')}
`;
