/**
 * What PostgreSQL has and Redshift has not goes by another name in our databases, so that PostgreSQL itself refuses it in
 * the words that Redshift uses, also in procedures and dynamic SQL. Nothing is taken away: operators, casts and catalog
 * views find functions and types by number.
 */
const PREFIX = 'postgres_';

/** Patterns of LIKE. */
const FUNCTIONS = [
  'string_agg',
  'array\\_%',
  'unnest',
  'string_to_array',
  'string_to_table',
  'generate_subscripts',
  'pg\\_sleep%',
  'clock_timestamp',
  'regexp_match',
  'regexp_matches',
  'regexp_split\\_%',
  'regexp_like',
  'format',
  'encode',
  'decode',
  'overlay',
  'concat',
  'concat_ws',
  'json\\_%',
  'jsonb\\_%',
  'to_json%',
  'row_to_json',
  'xml%',
  'query_to_xml%',
  'table_to_xml%',
  'cursor_to_xml%',
  'schema_to_xml%',
  'database_to_xml%',
  'gen_random_uuid',
  'uuid%',
  'to_tsvector',
  'to_tsquery',
  'ts\\_%',
  'make\\_%',
  'date_bin',
  'justify\\_%',
  'num_nonnulls',
  'num_nulls',
  'nextval',
  'currval',
  'setval',
  'lastval',
  'lo\\_%',
  'bool_xor',
  'every',
  'mode',
  'range_agg',
  'regr\\_%',
  'corr',
  'covar\\_%',
  'trim_array',
  'scale',
  'min_scale',
  'trim_scale',
  'gcd',
  'lcm',
  'erf',
  'erfc',
  'gamma',
  'lgamma',
  'random_normal',
  'parse_ident',
  'quote_nullable',
  'unistr',
  'starts_with',
  'casefold',
];

/** Those that Redshift has too, with another result: `avg` of whole numbers, and what is made anew beside this. */
const REPLACED = ['avg(int2)', 'avg(int4)', 'avg(int8)', 'sum(float4)'];
const REPLACED_FUNCTIONS = ['regexp_substr', 'regexp_replace'];

const TYPES = [
  ...['bytea', 'json', 'uuid', 'xml', 'money', 'inet', 'cidr', 'macaddr', 'macaddr8', 'tsvector', 'tsquery'],
  ...[
    'point',
    'line',
    'lseg',
    'box',
    'path',
    'polygon',
    'circle',
    'bit',
    'varbit',
    'jsonpath',
    'int4range',
    'int8range',
  ],
  ...['numrange', 'tsrange', 'tstzrange', 'daterange', 'int4multirange', 'int8multirange', 'nummultirange'],
  ...['tsmultirange', 'tstzmultirange', 'datemultirange'],
];

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** Renames what the server has of them; servers differ. `jsonb` becomes Redshift's own `super`. */
export const ABSENT = `
do $rename$
declare
  known record;
begin
  for known in
    select p.oid::regprocedure as id, p.proname as name
    from pg_catalog.pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind in ('f', 'a', 'w')
      and (
        p.proname like any (array[${list(FUNCTIONS)}])
        or p.proname in (${list(REPLACED_FUNCTIONS)})
        or p.oid = any (array[${list(REPLACED)}]::regprocedure[])
      )
  loop
    execute 'alter routine ' || known.id || ' rename to ' || quote_ident('${PREFIX}' || known.name);
  end loop;
  for known in
    select t.typname as name
    from pg_catalog.pg_type t
    where t.typnamespace = 'pg_catalog'::regnamespace and t.typname in (${list(TYPES)})
  loop
    execute 'alter type pg_catalog.' || quote_ident(known.name) || ' rename to ' || quote_ident('${PREFIX}' || known.name);
  end loop;
  alter type pg_catalog.jsonb rename to super;
end
$rename$;
`;
