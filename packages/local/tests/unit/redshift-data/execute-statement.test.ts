import { randomUUID } from 'node:crypto';
import { ExecuteStatementCommand, GetStatementResultCommand } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift([
    { kind: 'cluster', name: 'c1' },
    { kind: 'cluster', name: 'c2' },
    { kind: 'workgroup', name: 'wg1' },
  ]);
});
afterAll(() => redshift.close());

const refusal = async (sql: string, options: object = {}): Promise<unknown> =>
  redshift.start(sql, options).then(
    () => 'accepted',
    (error: unknown) => error,
  );

describe('ExecuteStatement', () => {
  it('answers with an id and the target, and the statement finishes by itself', async () => {
    // Act
    const output = await redshift.client.send(
      new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1 as one', WithEvent: true }),
    );
    await redshift.events.ended(output.Id as string);
    const description = await redshift.describe(output.Id as string);
    const result = await redshift.client.send(new GetStatementResultCommand({ Id: output.Id }));

    // Assess
    expect(output).toMatchObject({ ...TARGET, CreatedAt: expect.any(Date) });
    expect(output.Status).toBeUndefined();
    expect(description).toMatchObject({
      ...TARGET,
      Status: 'FINISHED',
      QueryString: 'select 1 as one',
      HasResultSet: true,
      ResultRows: 1,
      ResultSize: 1,
      ResultFormat: 'JSON',
      CreatedAt: output.CreatedAt,
      UpdatedAt: expect.any(Date),
    });
    expect(description.RedshiftPid).toBeGreaterThan(0);
    expect(description.RedshiftQueryId).toBeGreaterThan(0);
    expect(result).toMatchObject({ Records: [[{ longValue: 1 }]], TotalNumRows: 1 });
  });

  it('counts rows that a statement changed, and none for DDL', async () => {
    // Act
    const ddl = await redshift.run('create table counted (i int)');
    const insert = await redshift.run('insert into counted values (1), (2), (3)');
    const update = await redshift.run('update counted set i = 0 where i > 1');

    // Assess
    expect(ddl).toMatchObject({ HasResultSet: false, ResultRows: 0, ResultSize: 0, RedshiftQueryId: -1 });
    expect(insert).toMatchObject({ HasResultSet: false, ResultRows: 3 });
    expect(update).toMatchObject({ ResultRows: 2 });
    expect(insert.RedshiftQueryId).not.toBe(update.RedshiftQueryId);
  });

  it('says that an empty result is a result', async () => {
    expect(await redshift.run('select 1 where false')).toMatchObject({ HasResultSet: true, ResultRows: 0 });
  });

  it('runs as the database user that is named, in the database that is named', async () => {
    // Prepare
    await redshift.run('create table of_dev (i int)');

    // Act
    const user = await redshift.query('select current_user');
    const elsewhere = await redshift.run('select * from of_dev', { Database: 'other' });
    const otherCluster = await redshift.run('select * from of_dev', { ClusterIdentifier: 'c2' });

    // Assess
    expect(user.Records).toEqual([[{ stringValue: 'etl' }]]);
    expect(elsewhere.Error).toContain('relation "of_dev" does not exist');
    expect(otherCluster.Error).toContain('relation "of_dev" does not exist');
  });

  it('derives the user from the IAM identity where none is named', async () => {
    expect((await redshift.query('select current_user', { DbUser: undefined })).Records).toEqual([
      [{ stringValue: 'IAM:root' }],
    ]);
  });

  it('runs on a workgroup, and the event names its ARN', async () => {
    // Act
    const id = await redshift.start('select 1', {
      ClusterIdentifier: undefined,
      DbUser: undefined,
      WorkgroupName: 'wg1',
    });
    const event = await redshift.events.ended(id);

    // Assess
    expect(await redshift.describe(id)).toMatchObject({ WorkgroupName: 'wg1', Status: 'FINISHED' });
    expect(event.resources[0]).toMatch(
      /^arn:aws:redshift-serverless:eu-central-1:123456789012:workgroup\/[0-9a-f-]{36}$/,
    );
  });

  it('gives every statement a session of its own', async () => {
    // Prepare
    await redshift.run('create temp table fleeting (i int)');

    // Act
    const { Error: error } = await redshift.run('select * from fleeting');

    // Assess
    expect(error).toContain('relation "fleeting" does not exist');
  });

  it('keeps Redshift text comparison: byte by byte', async () => {
    const { Records } = await redshift.query("select 'B' < 'a'");
    expect(Records).toEqual([[{ booleanValue: true }]]);
  });

  it.each([
    ['no SQL', '', {}, 'sql must not be empty'],
    ['only comments', '-- nothing', {}, 'sql must not be empty'],
    ['more than 200 KB', `select '${'x'.repeat(204_800)}'`, {}, 'sql must not have more than 204800 bytes'],
    ['several statements', 'select 1; select 2', {}, 'More than one statement in Sql is not supported'],
    ['an unused parameter', 'select 1', { Parameters: [{ name: 'x', value: '1' }] }, 'Unused parameters: [x]'],
    [
      'a parameter used in a literal only',
      "select ':x'",
      { Parameters: [{ name: 'x', value: '1' }] },
      'Unused parameters: [x]',
    ],
    ['an empty parameter list', 'select 1', { Parameters: [] }, 'parameters must have length greater than'],
    [
      'an empty value',
      'select :x',
      { Parameters: [{ name: 'x', value: '' }] },
      'value must have length greater than or equal to 1',
    ],
    [
      'a parameter name with other characters',
      'select :x',
      { Parameters: [{ name: '@x', value: '1' }] },
      'name must satisfy regex pattern',
    ],
    ['an unknown cluster', 'select 1', { ClusterIdentifier: 'c3' }, "Redshift endpoint doesn't exist in this region."],
    ['cluster and workgroup', 'select 1', { WorkgroupName: 'wg1' }, 'Exactly one of ClusterIdentifier and'],
    ['neither', 'select 1', { ClusterIdentifier: undefined }, 'Exactly one of ClusterIdentifier and'],
    ['no database', 'select 1', { Database: undefined }, 'Database must be given'],
    ['a long statement name', 'select 1', { StatementName: 'x'.repeat(2049) }, 'statementName must have length less'],
    ['a long token', 'select 1', { ClientToken: 'x'.repeat(65) }, 'clientToken must have length less'],
    ['a secret beside a user', 'select 1', { SecretArn: 'x' }, 'DbUser cannot be given with SecretArn'],
    ['a session beside a cluster', 'select 1', { SessionId: randomUUID() }, 'ClusterIdentifier cannot be given with'],
    ['no session id', 'select 1', { SessionId: 'x' }, 'sessionId must satisfy regex pattern'],
    ['more than a day in a session', 'select 1', { SessionKeepAliveSeconds: 86_401 }, 'must have value less than'],
    ['waiting for nothing', 'select 1', { WaitTimeSeconds: 0 }, 'waitTimeSeconds must have value greater than or'],
    ['more than 30 s of waiting', 'select 1', { WaitTimeSeconds: 31 }, 'waitTimeSeconds must have value less than or'],
    ['a format that there is not', 'select 1', { ResultFormat: 'XML' }, 'resultFormat must satisfy regex pattern'],
  ])('refuses %s', async (_, sql, options, message) => {
    expect(await refusal(sql, options)).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('takes a semicolon at the end, JSON results and the longest SQL', async () => {
    // Prepare
    const longest = `select '${'x'.repeat(204_800 - "select ''".length)}'`;

    // Act
    const terminated = await redshift.run('select 1; -- done', { ResultFormat: 'JSON' });
    const long = await redshift.run(longest);

    // Assess
    expect(terminated.Status).toBe('FINISHED');
    expect(long.Status).toBe('FINISHED');
  });
});

describe('Parameters', () => {
  it('are sent by value, each use typed by its place', async () => {
    // Prepare
    await redshift.run('create table typed (i int, t varchar(20))');
    const value = "1'; drop table typed; --";

    // Act
    const insert = await redshift.run('insert into typed values (:i, :t), (:i, :i)', {
      Parameters: [
        { name: 't', value },
        { name: 'i', value: '7' },
      ],
    });
    const { Records } = await redshift.query('select i, t from typed order by t');

    // Assess
    expect(insert.Error).toContain('value too long for type character varying(20)');
    expect(Records).toEqual([]);
  });

  it('reach comparisons and casts, and stay out of comments, literals and casts', async () => {
    // Act
    const { Records } = await redshift.query(
      "select ':v' as a, :v as b, :v::smallint + 1 as c, '1'::int as d /* :v */ where 5 = :v",
      { Parameters: [{ name: 'v', value: '5' }] },
    );

    // Assess
    expect(Records).toEqual([[{ stringValue: ':v' }, { stringValue: '5' }, { longValue: 6 }, { longValue: 1 }]]);
  });

  it('are told of by DescribeStatement beside the unchanged SQL', async () => {
    // Prepare
    const Parameters = [{ name: 'v', value: 'x' }];

    // Act
    const description = await redshift.run('select :v', { Parameters });

    // Assess
    expect(description).toMatchObject({ QueryString: 'select :v', QueryParameters: Parameters });
  });

  it('that are missing fail the statement, not the call', async () => {
    const { Status, Error: error } = await redshift.run('select :missing');
    expect({ Status, error }).toEqual({
      Status: 'FAILED',
      error: 'ERROR: syntax error at or near ":"\n  Position: 8',
    });
  });
});

describe('A failed statement', () => {
  it.each([
    ['select * from missing', 'ERROR: relation "missing" does not exist\n  Position: 15'],
    ['select 1 frm x', 'ERROR: syntax error at or near "x"\n  Position: 14'],
    ['select 1/0', 'ERROR: division by zero'],
  ])('tells Redshift error text: %s', async (sql, error) => {
    expect(await redshift.run(sql)).toMatchObject({
      Status: 'FAILED',
      Error: error,
      HasResultSet: false,
      ResultRows: -1,
      ResultSize: -1,
    });
  });

  it('tells the position in the SQL as the user wrote it', async () => {
    // Prepare
    const sql = "/* 😀 */ select :a, ':a', :b from missing where x = :a";

    // Act
    const { Error: error } = await redshift.run(sql, {
      Parameters: [
        { name: 'a', value: 'long value' },
        { name: 'b', value: 'b' },
      ],
    });

    // Assess
    const position = [...sql.slice(0, sql.indexOf('missing'))].length + 1;
    expect(error).toBe(`ERROR: relation "missing" does not exist\n  Position: ${position}`);
  });

  it('leaves nothing behind', async () => {
    // Prepare
    await redshift.run('create table whole (i int)');

    // Act
    await redshift.run('insert into whole select 1 / (2 - i) from (select 1 as i union all select 2) s');
    const { Records } = await redshift.query('select count(*) from whole');

    // Assess
    expect(Records).toEqual([[{ longValue: 0 }]]);
  });
});

describe('ClientToken', () => {
  it('stands for the same statement for 8 hours', async () => {
    // Prepare
    await redshift.run('create table once (i int)');
    const ClientToken = randomUUID();
    const sql = 'insert into once values (1)';
    const first = await redshift.start(sql, { ClientToken });
    await redshift.events.ended(first);

    // Act
    redshift.stage.clock.advance(8 * 3600 * 1000 - 60_000);
    const repeated = await redshift.start(sql, { ClientToken });
    const { Records } = await redshift.query('select count(*) from once');
    redshift.stage.clock.advance(60_000);
    const later = await redshift.start(sql, { ClientToken });
    await redshift.events.ended(later);

    // Assess
    expect(repeated).toBe(first);
    expect(Records).toEqual([[{ longValue: 1 }]]);
    expect(later).not.toBe(first);
  });
});

describe('The completion event', () => {
  it('tells of a finished statement, once', async () => {
    // Act
    const id = await redshift.start('select 1 union all select 2', { StatementName: 'mine' });
    const event = await redshift.events.ended(id);
    const { UpdatedAt, RedshiftQueryId } = await redshift.describe(id);

    // Assess
    const endedAt = Math.floor((UpdatedAt as Date).getTime() / 1000);
    expect(redshift.events.of(id)).toEqual([event]);
    expect(event).toEqual({
      source: 'aws.redshift-data',
      'detail-type': 'Redshift Data Statement Status Change',
      resources: ['arn:aws:redshift:eu-central-1:123456789012:cluster:c1'],
      time: new Date(endedAt * 1000).toISOString().replace('.000', ''),
      detail: {
        principal: 'arn:aws:iam::123456789012:root',
        statementName: 'mine',
        statementId: id,
        redshiftQueryId: RedshiftQueryId,
        state: 'FINISHED',
        rows: 2,
        expireAt: endedAt + 24 * 3600,
      },
    });
  });

  it('tells of a failed one, without its error', async () => {
    // Act
    const event = await redshift.events.ended(await redshift.start('select * from missing'));

    // Assess
    expect(event.detail).toMatchObject({ state: 'FAILED', rows: -1, redshiftQueryId: -1 });
    expect(JSON.stringify(event)).not.toContain('missing');
  });

  it('is not sent unless asked for', async () => {
    // Act
    const id = await redshift.start('select 1', { WithEvent: false });
    await redshift.waitFor(id, 'FINISHED');
    await redshift.run('select 1');

    // Assess
    expect(redshift.events.of(id)).toEqual([]);
  });
});
