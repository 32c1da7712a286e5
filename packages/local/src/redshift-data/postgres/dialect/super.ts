/** JSON text without the spaces that PostgreSQL writes between values. */
const COMPACT = String.raw`pg_catalog.postgres_regexp_replace(pg_catalog.postgres_jsonb_out(input)::text, '("(?:[^"\\]|\\.)*")|\s+', '\1', 'g')`;

const castTo = (type: string): string => `
create function pg_catalog.redshift_${type}(input super) returns ${type} language sql immutable strict as $$
  select case pg_catalog.postgres_jsonb_typeof(input)
    when 'null' then null when 'string' then input #>> '{}' else pg_catalog.json_serialize(input) end::${type}
$$;
create cast (super as ${type}) with function pg_catalog.redshift_${type}(super);`;

/** SUPER, which is PostgreSQL's `jsonb` under another name, and functions on JSON texts. */
export const SUPER = `
create function pg_catalog.json_serialize(input super) returns text language sql immutable strict as $$
  select ${COMPACT}
$$;
create function pg_catalog.json_parse(input text) returns super language sql immutable strict as 'select input::super';
create function pg_catalog.json_typeof(input super) returns text language sql immutable strict as $$
  select pg_catalog.postgres_jsonb_typeof(input)
$$;
create function pg_catalog.get_array_length(input super) returns integer language sql immutable strict as $$
  select case when pg_catalog.postgres_jsonb_typeof(input) = 'array' then pg_catalog.postgres_jsonb_array_length(input) end
$$;
${['text', 'varchar'].map(castTo).join('')}
create function pg_catalog.is_valid_json(input text) returns boolean language plpgsql immutable strict as $$
begin
  return pg_catalog.postgres_jsonb_typeof(input::super) = 'object';
exception when data_exception then return false;
end
$$;
create function pg_catalog.can_json_parse(input text) returns boolean language plpgsql immutable strict as $$
begin
  perform input::super;
  return true;
exception when data_exception then return false;
end
$$;
create function pg_catalog.json_array_length(input text) returns integer language sql immutable strict as $$
  select pg_catalog.postgres_jsonb_array_length(input::super)
$$;
create function pg_catalog.json_extract_path_text(input text, variadic path text[]) returns text language sql immutable strict
as $$
  select (input::postgres_json #> path) #>> '{}'
$$;
create function pg_catalog.json_extract_array_element_text(input text, place integer) returns text
language sql immutable strict as 'select case when place >= 0 then input::postgres_json ->> place end';
`;
