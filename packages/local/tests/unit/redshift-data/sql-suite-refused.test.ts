import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';
import { TABLES } from '../../helpers/sql-cases-queries.ts';
import { NOT_ON_THE_STAGE, ONLY_POSTGRES } from '../../helpers/sql-cases-refused.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  for (const sql of TABLES) await redshift.run(sql);
});
afterAll(() => redshift.close());

const errorOf = async (sql: string): Promise<string> => {
  const { Status, Error: error = '' } = await redshift.run(sql);
  expect(Status).toBe('FAILED');
  return error;
};

describe('What PostgreSQL has and Redshift has not', () => {
  it.each(ONLY_POSTGRES)('is refused by name: %s', async (sql, named) => {
    expect(await errorOf(sql)).toContain(named);
  });
});

describe('What Redshift has and the stage has not', () => {
  it.each(NOT_ON_THE_STAGE)('is refused by name: %s', async (sql, named) => {
    const error = await errorOf(sql);
    expect(error).toContain(named);
    expect(error).toContain('is not supported by the local stage');
  });
});

describe('An error', () => {
  it.each([
    ['select i d, x from sales', 'column "i" does not exist', 'i d'],
    ['select nvl(id, 0), dateadd(day, 1, getdate()), wrong from sales', 'column "wrong" does not exist', 'wrong'],
    ['select top 1 id, decode(id, 1, wrong, 2) from sales', 'column "wrong" does not exist', 'wrong'],
    ['select unknown.id from sales', 'missing FROM-clause entry for table "unknown"', 'unknown'],
    ['select qty as q, q + 1 as r, q + wrong from sales', 'column "wrong" does not exist', 'wrong'],
    ['select id from sales where qualify_me(id) = 1', 'function qualify_me(integer) does not exist', 'qualify_me'],
    ['selct 1', 'syntax error at or near "selct"', 'selct'],
  ])('is told where the user wrote what is wrong: %s', async (sql, message, place) => {
    expect(await errorOf(sql)).toBe(`ERROR: ${message}\n  Position: ${sql.indexOf(place) + 1}`);
  });
});

describe('Users', () => {
  it.each([
    'create or replace function pg_catalog.getdate() returns timestamp stable as $$ select null::timestamp $$ language sql',
    'create function pg_catalog.mine(int) returns int stable as $$ select 1 $$ language sql',
    'drop function pg_catalog.getdate()',
    'alter function pg_catalog.getdate() rename to x',
  ])('cannot change what makes the dialect: %s', async (sql) => {
    await errorOf(sql);
    expect((await redshift.query('select getdate() is not null')).Records).toEqual([[{ booleanValue: true }]]);
  });
});
