/** The demo's SQL: Redshift's own, valid on a real cluster as it stands. */

export const CREATE_AIRPORTS = `
  create table airports (
    iata      varchar(8)   not null,
    name      varchar(128) not null,
    city      varchar(64),
    state     varchar(8),
    country   varchar(64),
    latitude  double precision,
    longitude double precision
  ) diststyle all sortkey (iata)`;

export const CREATE_FLIGHTS = `
  create table flights (
    origin      varchar(8) not null,
    destination varchar(8) not null,
    count       integer    not null
  ) distkey (origin) sortkey (origin, destination)`;

/** `bucket` and `roleArn` are known when the stack is deployed; COPY takes no parameters in their place. */
export const copy = (table: string, bucket: string, key: string, roleArn: string): string =>
  `copy ${table} from 's3://${bucket}/${key}' iam_role '${roleArn}' csv ignoreheader 1`;

export const BUILD_DEPARTURES = `
  create table departures as
  select airports.iata, airports.name, airports.city, sum(flights.count) as departures
  from flights join airports on airports.iata = flights.origin
  group by airports.iata, airports.name, airports.city`;

export const TEN_BUSIEST = `
  select iata, name, city, departures
  from departures
  where departures >= :least
  order by departures desc, iata
  limit 10`;

export const WRONG_ON_PURPOSE = 'select departure from departures';

/** Hours of work on any warehouse: 5,366 rows crossed with themselves four times. */
export const LONG_RUNNING = `
  select count(*)
  from flights a, flights b, flights c, flights d
  where a.count + b.count + c.count + d.count < 0`;
