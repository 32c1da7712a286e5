import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
});
afterAll(() => redshift.close());

describe('A table with Redshift attributes', () => {
  it('is made', async () => {
    // Act
    const made = await redshift.run(`
      create table airports (
        iata varchar(4) not null encode lzo primary key distkey, name varchar(100) encode zstd, latitude float8 sortkey,
        unique (name), foreign key (iata) references nowhere (x)
      ) diststyle key sortkey auto`);
    const copied = await redshift.run('create table busiest distkey (iata) sortkey (iata) as select * from airports');

    // Assess
    expect([made.Error, copied.Error]).toEqual([undefined, undefined]);
  });

  it('takes duplicate keys, as Redshift does, but no NULL in a primary key', async () => {
    // Prepare
    await redshift.run('create table keyed (a int, b int unique, primary key (a))');

    // Act
    const duplicates = await redshift.run('insert into keyed values (1, 1), (1, 1)');
    const missing = await redshift.run('insert into keyed (b) values (2)');

    // Assess
    expect(duplicates).toMatchObject({ Status: 'FINISHED', ResultRows: 2 });
    expect(missing.Error).toContain('null value in column "a"');
  });

  it('that cannot be made as meant is refused by name', async () => {
    const { Status, Error: error } = await redshift.run('create table numbered (i int identity)');
    expect({ Status, error }).toEqual({
      Status: 'FAILED',
      error: 'ERROR: IDENTITY without a seed and a step is not supported by the local stage',
    });
  });
});
