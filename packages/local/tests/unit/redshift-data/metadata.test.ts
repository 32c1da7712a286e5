import {
  DescribeTableCommand,
  ListDatabasesCommand,
  ListSchemasCommand,
  ListTablesCommand,
  paginateDescribeTable,
  paginateListDatabases,
  paginateListSchemas,
  paginateListTables,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { startRedshift, startRedshiftOn, TARGET, type TestRedshift } from '../../helpers/redshift.ts';

const CLUSTER = 'arn:aws:redshift:eu-central-1:123456789012:cluster:c1';
const DB_NAME = 'arn:aws:redshift:eu-central-1:123456789012:dbname:c1';
const DB_USER = 'arn:aws:redshift:eu-central-1:123456789012:dbuser:c1/etl';
const OTHER_USER = { ...TARGET, DbUser: 'reader' };

let redshift: TestRedshift & { readonly url: string };
let client: RedshiftDataClient;
beforeAll(async () => {
  redshift = await startRedshift();
  ({ client } = redshift);
  for (const sql of [
    'create schema sales',
    'create schema sal_es',
    `create table sales.orders (id int not null, total numeric(12, 2) default 0, note varchar(40) default 'none',
      code char(3), at timestamp, flag boolean, big bigint, ratio double precision)`,
    'create view sales.totals as select sum(total) as total from sales.orders',
    'create table sales.order_lines (id int)',
    'create table public.shared (i int)',
    'create table public.secret (i int)',
    'grant select on public.shared to reader',
  ])
    await redshift.run(sql.replaceAll('reader', 'public'));
});
afterAll(() => redshift.close());

const refusalOf = (answer: Promise<unknown>): Promise<unknown> => answer.catch((error: unknown) => error);
const tables = async (options: object = {}, target: object = TARGET): Promise<readonly string[]> => {
  const { Tables } = await client.send(new ListTablesCommand({ ...TARGET, ...target, ...options }));
  return (Tables ?? []).map(({ schema, name, type }) => `${schema}.${name} ${type}`);
};

describe('ListDatabases', () => {
  it('lists the databases of the warehouse by the names that users gave them, page by page', async () => {
    // Prepare
    await redshift.run('select 1', { Database: 'other' });
    await redshift.run('select 1', { ClusterIdentifier: 'c2', Database: 'elsewhere' });

    // Act
    const pages = [];
    for await (const page of paginateListDatabases({ client, pageSize: 1 }, { ...TARGET })) pages.push(page.Databases);

    // Assess
    expect(pages).toEqual([['dev'], ['other']]);
  });
});

describe('ListSchemas', () => {
  it('lists what the user may use, without what only PostgreSQL has', async () => {
    // Act
    const own = await client.send(new ListSchemasCommand(TARGET));
    const others = await client.send(new ListSchemasCommand(OTHER_USER));

    // Assess
    expect(own.Schemas).toEqual(['information_schema', 'pg_catalog', 'public', 'sal_es', 'sales']);
    expect(others.Schemas).toEqual(['information_schema', 'pg_catalog', 'public']);
  });

  it.each([
    ['sal%', ['sal_es', 'sales']],
    ['sal_s', ['sales']],
    ['sal\\_es', ['sal_es']],
    ['SALES', []],
    ['', []],
    ["'; drop schema sales cascade; --", []],
  ])('takes the pattern %j', async (SchemaPattern, names) => {
    const { Schemas } = await client.send(new ListSchemasCommand({ ...TARGET, SchemaPattern }));
    expect(Schemas).toEqual(names);
  });

  it('pages', async () => {
    // Act
    const pages = [];
    for await (const { Schemas } of paginateListSchemas({ client, pageSize: 2 }, { ...TARGET })) pages.push(Schemas);

    // Assess
    expect(pages).toEqual([['information_schema', 'pg_catalog'], ['public', 'sal_es'], ['sales']]);
  });

  it('reads another database than the one it connects to', async () => {
    // Prepare
    await redshift.run('create schema there', { Database: 'far' });

    // Act
    const { Schemas } = await client.send(
      new ListSchemasCommand({ ...TARGET, Database: 'far', ConnectedDatabase: 'dev', SchemaPattern: 'the%' }),
    );

    // Assess
    expect(Schemas).toEqual(['there']);
  });
});

describe('ListTables', () => {
  it('tells tables from views', async () => {
    expect(await tables({ SchemaPattern: 'sales' })).toEqual([
      'sales.order_lines TABLE',
      'sales.orders TABLE',
      'sales.totals VIEW',
    ]);
  });

  it('takes patterns for schema and table', async () => {
    expect(await tables({ TablePattern: 'order%' })).toEqual(['sales.order_lines TABLE', 'sales.orders TABLE']);
    expect(await tables({ SchemaPattern: 'sal%', TablePattern: 'order_' })).toEqual(['sales.orders TABLE']);
    expect(await tables({ SchemaPattern: 'public', TablePattern: '%' })).toEqual([
      'public.secret TABLE',
      'public.shared TABLE',
    ]);
  });

  it('lists system tables when no pattern keeps them out', async () => {
    expect(await tables()).toContain('pg_catalog.pg_class SYSTEM TABLE');
  });

  it('lists for each user what that may see', async () => {
    expect(await tables({ SchemaPattern: 'public' }, OTHER_USER)).toEqual(['public.shared TABLE']);
    expect(await tables({ SchemaPattern: 'sales' }, OTHER_USER)).toEqual([]);
  });

  it('pages, and a token is good for the same list only', async () => {
    // Act
    const list = { ...TARGET, SchemaPattern: 'sales' };
    const pages = [];
    for await (const { Tables } of paginateListTables({ client, pageSize: 2 }, { ...list })) pages.push(Tables);
    const { NextToken } = await client.send(new ListTablesCommand({ ...list, MaxResults: 2 }));
    const elsewhere = await refusalOf(client.send(new ListTablesCommand({ ...TARGET, NextToken })));
    const nonsense = await refusalOf(client.send(new ListTablesCommand({ ...list, NextToken: 'nonsense' })));

    // Assess
    expect(pages.map((page) => page?.map(({ name }) => name))).toEqual([['order_lines', 'orders'], ['totals']]);
    for (const error of [elsewhere, nonsense])
      expect(error).toMatchObject({ name: 'ValidationException', message: 'Invalid pagination token.' });
  });

  it('shows a temporary table while its session lives', async () => {
    // Prepare
    const session = await sessionIn('of_temporary_tables');
    await session.query('create temp table passing (i int); grant select on passing to etl');

    // Act
    const shown = await tables({ TablePattern: 'passing' }, { Database: 'of_temporary_tables' });
    await session.end();

    // Assess
    expect(shown).toEqual([expect.stringMatching(/^pg_temp_\d+\.passing LOCAL TEMPORARY$/)]);
  });
});

describe('DescribeTable', () => {
  const describeTable = (options: object) => client.send(new DescribeTableCommand({ ...TARGET, ...options }));

  it('describes the columns in their order', async () => {
    // Act
    const { TableName, ColumnList } = await describeTable({ Schema: 'sales', Table: 'orders' });

    // Assess
    const column = {
      isCaseSensitive: false,
      isCurrency: false,
      isSigned: false,
      nullable: 1,
      scale: 0,
      schemaName: 'sales',
      tableName: 'orders',
    };
    expect(TableName).toBe('orders');
    expect(ColumnList).toEqual([
      { ...column, name: 'id', typeName: 'int4', length: 10, precision: 10, nullable: 0, isSigned: true },
      {
        ...column,
        name: 'total',
        typeName: 'numeric',
        length: 12,
        precision: 12,
        scale: 2,
        isSigned: true,
        columnDefault: '0',
      },
      {
        ...column,
        name: 'note',
        typeName: 'varchar',
        length: 40,
        precision: 40,
        columnDefault: "'none'::character varying",
      },
      { ...column, name: 'code', typeName: 'bpchar', length: 3, precision: 3 },
      { ...column, name: 'at', typeName: 'timestamp', length: 29, precision: 29, scale: 6 },
      { ...column, name: 'flag', typeName: 'bool', length: 1, precision: 1 },
      { ...column, name: 'big', typeName: 'int8', length: 19, precision: 19, isSigned: true },
      { ...column, name: 'ratio', typeName: 'float8', length: 17, precision: 17, scale: 17, isSigned: true },
    ]);
  });

  it('describes the catalog as AWS does', async () => {
    const { ColumnList } = await describeTable({ Schema: 'information_schema', Table: 'sql_features' });
    expect(ColumnList?.[0]).toEqual({
      isCaseSensitive: false,
      isCurrency: false,
      isSigned: false,
      length: 2_147_483_647,
      name: 'feature_id',
      nullable: 1,
      precision: 2_147_483_647,
      scale: 0,
      schemaName: 'information_schema',
      tableName: 'sql_features',
      typeName: 'character_data',
    });
  });

  it('takes names, not patterns, and finds nothing under others', async () => {
    expect((await describeTable({ Schema: 'sales', Table: 'order%' })).ColumnList).toEqual([]);
    expect((await describeTable({ Table: 'missing' })).ColumnList).toEqual([]);
  });

  it('finds the table in every schema when none is named, and all tables of a schema', async () => {
    const named = await describeTable({ Table: 'order_lines' });
    const all = await describeTable({ Schema: 'sales' });
    expect(named.ColumnList?.map(({ schemaName }) => schemaName)).toEqual(['sales']);
    expect([...new Set(all.ColumnList?.map(({ tableName }) => tableName))]).toEqual([
      'order_lines',
      'orders',
      'totals',
    ]);
  });

  it('hides the columns of tables that the user may not see', async () => {
    const { ColumnList } = await client.send(new DescribeTableCommand({ ...OTHER_USER, Table: 'secret' }));
    expect(ColumnList).toEqual([]);
  });

  it('pages through the columns', async () => {
    // Act
    const pages = [];
    for await (const { ColumnList } of paginateDescribeTable(
      { client, pageSize: 3 },
      { ...TARGET, Schema: 'sales', Table: 'orders' },
    ))
      pages.push(ColumnList?.map(({ name }) => name));

    // Assess
    expect(pages).toEqual([
      ['id', 'total', 'note'],
      ['code', 'at', 'flag'],
      ['big', 'ratio'],
    ]);
  });
});

describe('A metadata call', () => {
  it.each([
    ['a page size beyond 1000', { MaxResults: 1001 }, 'maxResults must have value less than or equal to 1000'],
    ['a negative page size', { MaxResults: -1 }, 'maxResults must have value greater than or equal to 0'],
    ['a pattern that ends in an escape', { TablePattern: 'x\\' }, 'tablePattern must satisfy regex pattern'],
    ['no database', { Database: undefined }, 'Database must be given'],
    ['cluster and workgroup', { WorkgroupName: 'wg1' }, 'Exactly one of ClusterIdentifier and WorkgroupName'],
    ['a secret that does not exist', { SecretArn: 'x', DbUser: undefined }, "can't find the specified secret"],
    ['no user', { DbUser: '' }, 'DbUser must not be empty'],
    ['a user that no database could have', { DbUser: 'a\0b' }, 'DbUser must not be empty, nor hold NUL'],
    ['a pattern that no name could have', { TablePattern: '\0' }, 'invalid byte sequence'],
    ['a user whose name is too long', { DbUser: 'x'.repeat(64) }, "a database user's name of more than 63 bytes"],
  ])('refuses %s', async (_, options, message) => {
    expect(await refusalOf(client.send(new ListTablesCommand({ ...TARGET, ...options })))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
  });

  it('needs its action on the cluster, and credentials for the database that it connects to', async () => {
    // Prepare
    const allow = (Action: string, ...Resource: string[]) => ({ Effect: 'Allow', Action, Resource });
    const role = addRole(
      redshift.stage,
      'cataloguer',
      allow('redshift-data:ListSchemas', CLUSTER),
      allow('redshift:GetClusterCredentials', DB_USER, `${DB_NAME}/dev`),
    );
    const granted = redshift.clientOf(sessionOf(redshift.stage, role));

    // Act
    const list = await granted.send(new ListSchemasCommand({ ...TARGET, SchemaPattern: 'public' }));
    const connected = await granted.send(
      new ListSchemasCommand({ ...TARGET, Database: 'far', ConnectedDatabase: 'dev', SchemaPattern: 'public' }),
    );
    const refused = [
      await refusalOf(granted.send(new ListTablesCommand(TARGET))),
      await refusalOf(granted.send(new ListSchemasCommand({ ...TARGET, Database: 'far' }))),
    ];

    // Assess
    expect([list.Schemas, connected.Schemas]).toEqual([['public'], ['public']]);
    for (const error of refused) expect(error).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('gives up after 30 seconds of the stage clock', async () => {
    // Prepare
    const blocker = await sessionIn('of_locks');
    await blocker.query('begin; lock table pg_catalog.pg_attrdef in access exclusive mode');
    const answer = refusalOf(client.send(new DescribeTableCommand({ ...TARGET, Database: 'of_locks' })));
    await isBlocked(blocker);

    // Act
    redshift.stage.clock.advance(30_000);
    const error = await answer;
    await blocker.end();

    // Assess
    expect(error).toMatchObject({ name: 'QueryTimeoutException', $metadata: { httpStatusCode: 400 } });
  });

  it('cannot connect to a server that is gone', async () => {
    // Prepare
    const nowhere = await startRedshiftOn({ url: 'postgres://postgres:x@127.0.0.1:1/postgres' });

    // Act
    const error = await refusalOf(nowhere.client.send(new ListDatabasesCommand(TARGET)));
    await nowhere.close();

    // Assess
    expect(error).toMatchObject({ name: 'DatabaseConnectionException', $metadata: { httpStatusCode: 500 } });
  });
});

/** A superuser's session in a new database of the warehouse, which no other test file has. */
const sessionIn = async (database: string): Promise<pg.Client> => {
  await redshift.run('select 1', { Database: database });
  const server = new pg.Client({ connectionString: redshift.url });
  await server.connect();
  const { rows } = await server.query<{ datname: string }>('select datname from pg_database where datname like $1', [
    `%c1_${database}`,
  ]);
  await server.end();
  const session = new pg.Client({ connectionString: `${redshift.url.replace(/[^/]*$/, '')}${rows[0]?.datname}` });
  await session.connect();
  return session;
};

/** Resolves when somebody waits for what `blocker` has locked. */
const isBlocked = async (blocker: pg.Client): Promise<void> => {
  for (;;) {
    const { rows } = await blocker.query<{ waiting: boolean }>(
      'select exists (select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())) as waiting',
    );
    if (rows[0]?.waiting) return;
  }
};
