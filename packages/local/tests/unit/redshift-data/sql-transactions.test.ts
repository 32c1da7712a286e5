import { BatchExecuteStatementCommand } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
});
afterAll(() => redshift.close());

const batch = async (...Sqls: string[]) => {
  const { Id } = await redshift.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls, WithEvent: true }));
  await redshift.events.ended(Id as string);
  return redshift.describe(Id as string);
};
const count = async (table: string) =>
  (await redshift.query(`select count(*) from ${table}`)).Records?.[0]?.[0]?.longValue;

describe('In a transaction', () => {
  it('TRUNCATE commits what was done before', async () => {
    // Prepare
    await redshift.run('create table kept (i int)');
    await redshift.run('create table emptied as select 1 as i');

    // Act
    const { Status } = await batch(
      'insert into kept values (1)',
      'truncate emptied',
      'insert into kept values (2)',
      'fail',
    );

    // Assess
    expect(Status).toBe('FAILED');
    expect(await count('kept')).toBe(1);
    expect(await count('emptied')).toBe(0);
  });

  it('lateral aliases and SUPER paths are found as outside', async () => {
    // Prepare
    await redshift.run(`create table doc as select 1 as id, json_parse('{"a": {"b": 5}}') as data`);

    // Act
    const { Status, Error: error } = await batch(
      'create temp table #t as select id + 1 as x, x * 2 as y, d.data.a.b::int as z from doc d',
      'insert into doc (id) select y as k from #t',
      'create table seen as select x, y, z, z + 1 as more, more * 2 as most from #t',
    );

    // Assess
    expect([Status, error]).toEqual(['FINISHED', undefined]);
    const { Records } = await redshift.query('select * from seen');
    expect(Records?.[0]?.map(({ longValue }) => longValue)).toEqual([2, 4, 5, 6, 12]);
  });

  it('an error is the end of it', async () => {
    const { Status, SubStatements } = await batch(
      'create table gone (i int)',
      'select missing, missing + 1 from gone',
      'select 1',
    );
    expect(Status).toBe('FAILED');
    expect(SubStatements?.[1]?.Error).toContain('column "missing" does not exist');
    expect((await redshift.run('select * from gone')).Error).toContain('relation "gone" does not exist');
  });

  it('VACUUM is refused', async () => {
    const { SubStatements } = await batch('create table dusty (i int)', 'vacuum dusty');
    expect(SubStatements?.[1]?.Error).toContain('VACUUM cannot run inside a transaction block');
  });

  it('a procedure that truncates is refused, outside it commits', async () => {
    // Prepare
    await redshift.run('create table log as select 1 as i');
    await redshift.run('create procedure clean() as $$ begin truncate log; end $$ language plpgsql');

    // Act
    const inside = await batch('select 1', 'call clean()');
    const outside = await redshift.run('call clean()');

    // Assess
    expect(inside.SubStatements?.[1]?.Status).toBe('FAILED');
    expect(outside.Status).toBe('FINISHED');
    expect(await count('log')).toBe(0);
  });
});

describe('MERGE', () => {
  it('that finds several rows for one is refused in the words of Redshift', async () => {
    await redshift.run('create table target as select 1 as id, 0 as v');
    await redshift.run('create table source as select 1 as id, 1 as v union all select 1, 2');
    const { Error: error } = await redshift.run(`merge into target using source s on target.id = s.id
      when matched then update set v = s.v when not matched then insert values (s.id, s.v)`);
    expect(error).toBe('ERROR: Found multiple matches to update the same tuple');
  });
});
