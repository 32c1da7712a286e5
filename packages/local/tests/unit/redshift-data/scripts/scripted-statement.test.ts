import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  GetStatementResultCommand,
} from '@aws-sdk/client-redshift-data';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { READY_SCRIPTS } from '../../../../src/redshift-data/scripts/ready-scripts.ts';
import type { StatementScript } from '../../../../src/redshift-data/scripts/script.ts';
import { startRedshiftOn, TARGET, type TestRedshift } from '../../../helpers/redshift.ts';

/** Nothing listens there: a statement that reached for PostgreSQL would fail. */
const NO_POSTGRES = { url: 'postgres://nobody@127.0.0.1:1/none' };
const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshiftOn(NO_POSTGRES);
});
afterAll(() => redshift.close());
afterEach(() => redshift.scripts.clear());

const script = (given: StatementScript) => redshift.scripts.add(given);

describe('A scripted statement', () => {
  it.each<StatementScript['sql']>(['select 1', '/* other */ select 1', /^select 1$/, { contains: 'app=x' }])(
    'is known with a comment before it: %s',
    async (sql) => {
      script({ sql, affectedRows: 7 });

      expect(await redshift.run('/* app=x /* nested */ */ -- and another\nselect 1')).toMatchObject({
        Status: 'FINISHED',
        ResultRows: 7,
      });
    },
  );

  it('that is scripted as a query returns the rows of its script, in their types', async () => {
    // Prepare
    script({
      sql: 'select * from sales',
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'price', type: 'numeric(10,2)' },
        { name: 'note', type: 'varchar(20)' },
        { name: 'sold', type: 'timestamp' },
        { name: 'paid', type: 'boolean' },
      ],
      rows: [
        [9007199254740993n, '12.50', 'größer', '2026-01-31 12:00:00', true],
        [2, null, '', null, false],
      ],
    });

    // Act
    const { Records, ColumnMetadata, TotalNumRows } = await redshift.query('  select * from sales\n');
    const described = await redshift.run('select * from sales');

    // Assess
    expect(Records?.[1]).toEqual([
      { longValue: 2 },
      { isNull: true },
      { stringValue: '' },
      { isNull: true },
      { booleanValue: false },
    ]);
    expect(Records?.[0]?.slice(1)).toEqual([
      { stringValue: '12.50' },
      { stringValue: 'größer' },
      { stringValue: '2026-01-31 12:00:00.0' },
      { booleanValue: true },
    ]);
    expect(ColumnMetadata?.map(({ name, typeName, precision, scale }) => [name, typeName, precision, scale])).toEqual([
      ['id', 'int8', 19, 0],
      ['price', 'numeric', 10, 2],
      ['note', 'varchar', 20, 0],
      ['sold', 'timestamp', 29, 6],
      ['paid', 'bool', 1, 0],
    ]);
    expect(TotalNumRows).toBe(2);
    expect(described).toMatchObject({ Status: 'FINISHED', HasResultSet: true, ResultRows: 2 });
    expect(described.ResultSize).toBeGreaterThan(0);
  });

  it('that is scripted with a large result is read in pages', async () => {
    // Prepare
    const rows = Array.from({ length: 3000 }, (_, i) => [i, 'x'.repeat(1000)]);
    const columns = [
      { name: 'i', type: 'int' },
      { name: 't', type: 'text' },
    ];
    script({ sql: { contains: 'large' }, columns, rows });

    // Act
    const seen: (number | undefined)[] = [];
    const { Id } = await redshift.run('select * from large_table');
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await redshift.client.send(new GetStatementResultCommand({ Id, NextToken }));
      seen.push(...(page.Records ?? []).map((row) => row[0]?.longValue));
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken);

    // Assess
    expect(seen).toEqual(rows.map(([i]) => i));
    expect(pages).toBeGreaterThan(1);
  });

  it('that is scripted to change rows tells how many, here and in its event', async () => {
    script({ sql: /^merge\b/i, affectedRows: 12 });
    const { Id, ...described } = await redshift.run('MERGE into t using s on t.i = s.i remove duplicates');
    expect(described).toMatchObject({ Status: 'FINISHED', HasResultSet: false, ResultRows: 12 });
    expect(redshift.events.of(Id as string)[0]?.detail).toMatchObject({ state: 'FINISHED', rows: 12 });
  });

  it('that is scripted to fail shows the text of its script', async () => {
    script({ sql: 'vacuum', error: 'ERROR: no' });
    const { Id, ...described } = await redshift.run('vacuum');
    expect(described).toMatchObject({ Status: 'FAILED', Error: 'ERROR: no', HasResultSet: false, ResultRows: -1 });
    expect(redshift.events.of(Id as string)[0]?.detail).toMatchObject({ state: 'FAILED', rows: -1 });
  });

  it.each([{ error: 'ERROR: the system ended it' }, {}])(
    'that is scripted to end ABORTED is so without being cancelled, with or without a text: %j',
    async (text) => {
      script({ sql: 'analyze', state: 'ABORTED', ...text });
      const { Id, ...described } = await redshift.run('analyze');
      expect(described.Status).toBe('ABORTED');
      expect(described.Error).toBe(text.error);
      expect(redshift.events.of(Id as string)[0]?.detail.state).toBe('ABORTED');
    },
  );

  it('that is scripted to take a day takes a day of the stage clock', async () => {
    // Prepare
    script({ sql: 'call nightly()', like: 'fullDay' });
    const id = await redshift.start('call nightly()');
    const running = await redshift.waitFor(id, 'STARTED');

    // Act
    redshift.stage.clock.advance(DAY_MS - 60_000);
    const stillRunning = await redshift.describe(id);
    redshift.stage.clock.advance(60_000);
    await redshift.events.ended(id);

    // Assess
    expect(running.RedshiftPid).toBeGreaterThan(0);
    expect(stillRunning.Status).toBe('STARTED');
    const ended = await redshift.describe(id);
    expect(ended.Status).toBe('FINISHED');
    expect(ended.Duration).toBeGreaterThanOrEqual((DAY_MS - 1000) * 1e6);
  });

  it('that is scripted to run long can be cancelled, and has one event', async () => {
    // Prepare
    script({ sql: 'call forever()', durationMs: HOUR_MS });
    const id = await redshift.start('call forever()');
    await redshift.waitFor(id, 'STARTED');

    // Act
    const { Status } = await redshift.client.send(new CancelStatementCommand({ Id: id }));
    await redshift.events.ended(id);
    redshift.stage.clock.advance(HOUR_MS);

    // Assess
    expect(Status).toBe(true);
    expect(await redshift.describe(id)).toMatchObject({ Status: 'ABORTED', HasResultSet: false, ResultRows: -1 });
    expect(redshift.events.of(id)).toHaveLength(1);
  });

  it('that is scripted without event ends all the same, and nobody is told', async () => {
    script({ sql: 'select 1', affectedRows: 1, event: false });
    const id = await redshift.start('select 1');
    await redshift.waitFor(id, 'FINISHED');
    expect(redshift.events.of(id)).toEqual([]);
  });

  it.each(Object.keys(READY_SCRIPTS) as (keyof typeof READY_SCRIPTS)[])(
    'that is scripted like %s ends as that says',
    async (like) => {
      const ready: Omit<StatementScript, 'sql'> = READY_SCRIPTS[like];
      script({ sql: 'select 2', like, durationMs: 0 });
      const described = await redshift.run('select 2');
      expect(described.Status).toBe(ready.state ?? (ready.error ? 'FAILED' : 'FINISHED'));
      expect(described.Error).toBe(ready.error);
    },
  );
});

describe('A batch with scripted statements', () => {
  const runBatch = async (...Sqls: string[]) => {
    const { Id } = await redshift.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls, WithEvent: true }));
    await redshift.events.ended(Id as string);
    return redshift.describe(Id as string);
  };

  it('plays each, and one that is scripted to fail ends the batch', async () => {
    // Prepare
    script({ sql: /^insert/, affectedRows: 3 });
    script({ sql: 'commit too late', like: 'serializationConflict' });

    // Act
    const { Id, Status, Error: error, SubStatements } = await runBatch('insert 1', 'commit too late', 'insert 2');

    // Assess
    expect(Status).toBe('FAILED');
    expect(error).toContain('ERROR: 1023');
    expect(SubStatements?.map((sub) => [sub.Status, sub.ResultRows])).toEqual([
      ['FINISHED', 3],
      ['FAILED', -1],
      ['ABORTED', -1],
    ]);
    expect(redshift.events.of(Id as string).map(({ detail }) => detail.state)).toEqual(['FAILED']);
  });

  it('has no event when one of them is scripted without', async () => {
    script({ sql: 'quietly', affectedRows: 1, event: false });
    const Sqls = ['quietly'];
    const { Id } = await redshift.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls, WithEvent: true }));
    await redshift.waitFor(Id as string, 'FINISHED');
    expect(redshift.events.of(Id as string)).toEqual([]);
  });
});

describe('Scripts', () => {
  it('are played in the order in which they were given, each for as many scripted statements as it says', async () => {
    // Prepare
    const first = script({ sql: 'select 1', error: 'ERROR: 1023', uses: 2 });
    const second = script({ sql: /select/, affectedRows: 7 });

    // Act
    const errors = [];
    for (let i = 0; i < 3; i += 1) errors.push((await redshift.run('select 1')).Error);

    // Assess
    expect(errors).toEqual(['ERROR: 1023', 'ERROR: 1023', undefined]);
    expect([first.used, second.used]).toEqual([2, 1]);
    expect(redshift.scripts.list()).toEqual([second]);
  });

  it('that are removed leave statements to PostgreSQL, though not those that are scripted already', async () => {
    // Prepare
    const removed = script({ sql: 'select 1', durationMs: DAY_MS, affectedRows: 3 });
    const id = await redshift.start('select 1');
    await redshift.waitFor(id, 'STARTED');

    // Act
    removed.remove();
    redshift.stage.clock.advance(DAY_MS);
    await redshift.events.ended(id);
    const next = await redshift.run('select 1');

    // Assess
    expect(await redshift.describe(id)).toMatchObject({ Status: 'FINISHED', ResultRows: 3 });
    expect(next).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('ECONNREFUSED') as string });
  });

  it('with a pattern that has a position of its own match every scripted statement', async () => {
    script({ sql: /select/g, affectedRows: 1 });
    const ends = [await redshift.run('select 1'), await redshift.run('select 1')];
    expect(ends.map(({ Status }) => Status)).toEqual(['FINISHED', 'FINISHED']);
  });

  it.each<[Record<string, unknown>, string]>([
    [{}, 'sql must be a text'],
    [{ sql: ' ' }, 'sql must be a text'],
    [{ sql: { contains: '' } }, 'sql must be a text'],
    [{ sql: 's', durationMs: -1 }, 'durationMs must be a whole number of at least 0'],
    [{ sql: 's', durationMs: '1' }, 'durationMs must be a whole number of at least 0'],
    [{ sql: 's', uses: 0 }, 'uses must be a whole number of at least 1'],
    [{ sql: 's', state: 'PICKED' }, 'state must be one of FINISHED, FAILED, ABORTED'],
    [{ sql: 's', state: 'FAILED' }, 'needs an error'],
    [{ sql: 's', state: 'FINISHED', error: 'x' }, 'has no error'],
    [{ sql: 's', error: '' }, 'error must be a text'],
    [{ sql: 's', error: 'x', affectedRows: 1 }, 'has no columns, rows or affectedRows'],
    [{ sql: 's', like: 'floodedCellar' }, 'like must be one of serializationConflict, '],
    [{ sql: 's', seconds: 3 }, 'seconds is no field of a script'],
    [{ sql: 's', event: 'no' }, 'event must be true or false'],
    [{ sql: 's', rows: [[1]] }, 'rows need columns'],
    [{ sql: 's', columns: [] }, 'columns must be a list'],
    [{ sql: 's', columns: [{ name: 'a' }] }, 'columns must be a list'],
    [{ sql: 's', columns: [{ name: 'a', type: 'uuid' }] }, 'the type uuid is not known'],
    [{ sql: 's', columns: [{ name: 'a', type: 'int' }], affectedRows: 1 }, 'affectedRows is for a statement'],
    [{ sql: 's', columns: [{ name: 'a', type: 'int' }], rows: [[]] }, 'a row has 0 values for 1 columns'],
    [{ sql: 's', columns: [{ name: 'a', type: 'int' }], rows: [[1.5]] }, 'a value of column a'],
    [{ sql: 's', columns: [{ name: 'a', type: 'bool' }], rows: [['t']] }, 'a value of column a'],
    [{ sql: 's', columns: [{ name: 'a', type: 'int' }], rows: [[{}]] }, 'rows must be a list of lists'],
  ])('refuse what cannot be scripted: %j', (given, message) => {
    expect(() => script(given as unknown as StatementScript)).toThrow(
      expect.objectContaining({ code: 'ValidationException', message: expect.stringContaining(message) as string }),
    );
    expect(redshift.scripts.list()).toEqual([]);
  });
});
