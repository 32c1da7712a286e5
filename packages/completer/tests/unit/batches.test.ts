import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BatchStatement } from '../../src/batch-statement.ts';
import { TestDrain } from '../helpers/drain.ts';
import { awsError, CANARIES, eventOf, ITEM, KEY, OWNER_ROLE, recordOf, STATEMENT_ID } from '../helpers/fixtures.ts';
import { pageOf } from '../helpers/memory-results.ts';

const BATCH: TrackingItem = { ...ITEM, batch: { statements: 3, executionMode: 'AUTO_COMMIT' } };
const TRANSACTION: TrackingItem = { ...ITEM, batch: { statements: 3, executionMode: 'TRANSACTION' } };

/** As the Data API shows statements of such states, the first of them with SQL of one's own. */
const statementsOf = (states: readonly string[], ...sqls: readonly string[]): BatchStatement[] =>
  states.map((state, index) => ({
    statementId: `${STATEMENT_ID}:${index + 1}`,
    state,
    rows: index,
    redshiftQueryId: 40 + index,
    hasResult: false,
    errorText: state === 'FAILED' ? `ERROR: number ${index}` : undefined,
    sql: sqls[index] ?? `insert into t values (${index})`,
  }));

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
  drain.table.seed(BATCH);
});

const successOf = () => {
  const result = drain.answers[0]?.result;
  if (result?.type !== 'success') throw new Error('no success was sent');
  return result.output;
};

const failureOf = async (
  state: string,
  item: TrackingItem,
  statements: readonly BatchStatement[],
): Promise<Record<string, unknown>> => {
  drain.table.seed(item);
  drain.description = { statements };
  await drain.settle([recordOf(eventOf(state))]);
  const result = drain.answers[0]?.result;
  if (result?.type !== 'failure') throw new Error('no failure was sent');
  return { error: result.error, ...(JSON.parse(result.cause) as Record<string, unknown>) };
};

describe('the task of a batch that FINISHED', () => {
  it('is given one entry for each statement, in order, read as the role that owns the batch', async () => {
    drain.description = { statements: statementsOf(['FINISHED', 'FINISHED', 'FINISHED']) };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'DescribeStatement', 'SendTaskSuccess', 'UpdateItem']);
    expect(drain.described).toEqual([{ role: OWNER_ROLE, statementId: STATEMENT_ID }]);
    expect(successOf()).toEqual({
      ...eventOf('FINISHED'),
      thread: expect.anything() as unknown,
      statements: [0, 1, 2].map((index) => ({
        statementId: `${STATEMENT_ID}:${index + 1}`,
        state: 'FINISHED',
        rows: index,
        redshiftQueryId: 40 + index,
      })),
    });
  });

  it('waits a while where the batch cannot be read now', async () => {
    drain.errorText = () => Promise.reject(awsError('ThrottlingException', 400));

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.answers).toEqual([]);
    expect(drain.deferred.map(({ seconds }) => seconds)).toEqual([5]);
    expect(drain.table.stored(KEY)).toMatchObject({ status: 'submitted' });
  });

  it('is given what is known where the batch cannot be read at all', async () => {
    drain.errorText = () => Promise.reject(awsError('AccessDeniedException', 400));

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(successOf()['statements']).toEqual(
      [1, 2, 3].map((number) => ({
        statementId: `${STATEMENT_ID}:${number}`,
        state: 'FINISHED',
        rows: -1,
        redshiftQueryId: -1,
      })),
    );
  });

  it('is not read where nobody is to be told', async () => {
    drain.table.seed({ ...BATCH, callback: { type: 'none' } });

    await drain.settle([recordOf(eventOf('FINISHED'))]);

    expect(drain.calls).toEqual(['GetItem', 'UpdateItem']);
  });
});

describe('the task of a batch that asked for rows', () => {
  const WITH_ROWS: TrackingItem = { ...BATCH, result: { form: 'value' } };
  const withResults = (...indexes: number[]) =>
    statementsOf(['FINISHED', 'FINISHED', 'FINISHED']).map((statement, index) => ({
      ...statement,
      hasResult: indexes.includes(index),
    }));

  beforeEach(() => drain.table.seed(WITH_ROWS));

  it('is given those of every statement that has some', async () => {
    drain.description = { statements: withResults(1) };
    drain.results.give = () => Promise.resolve(pageOf({ n: 'int4' }, [[{ longValue: 7 }]]));

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    const statements = successOf()['statements'] as Record<string, unknown>[];
    expect(statements.map(({ result }) => result)).toEqual([
      undefined,
      { columns: [{ name: 'n', type: 'int4' }], rowCount: 1, value: 7 },
      undefined,
    ]);
    expect(successOf()).not.toHaveProperty('result');
    expect(drain.results.asked).toEqual([{ role: OWNER_ROLE, statementId: `${STATEMENT_ID}:2`, nextToken: undefined }]);
  });

  it('fails where those of one are not what was asked for, and is told of which', async () => {
    drain.description = { statements: withResults(0, 2) };
    const seven = [{ longValue: 7 }];
    drain.results.give = (_next, id) =>
      Promise.resolve(pageOf({ n: 'int4' }, id.endsWith(':3') ? [seven, seven] : [seven]));

    await drain.settle([recordOf(eventOf('FINISHED'))]);

    const result = drain.answers[0]?.result;
    expect(result).toMatchObject({ type: 'failure', error: 'ResultMismatch' });
    expect(JSON.parse(result?.type === 'failure' ? result.cause : '{}')).toMatchObject({ statement: 2 });
  });

  it('fails where nobody can tell which statements have some', async () => {
    drain.errorText = () => Promise.reject(awsError('AccessDeniedException', 400));

    await drain.settle([recordOf(eventOf('FINISHED'))]);

    expect(drain.answers[0]?.result).toMatchObject({ type: 'failure', error: 'ResultUnreadable' });
  });
});

describe('a batch that cannot be read after many a wait', () => {
  const settleAfter = async (deferrals: number, state: string, item: TrackingItem) => {
    drain.table.seed(item);
    drain.errorText = () => Promise.reject(awsError('ThrottlingException', 400));
    await drain.settle([recordOf(eventOf(state), 'm1', deferrals)]);
    return { deferred: drain.deferred.length, answered: drain.answers.length };
  };
  const wanted: TrackingItem = { ...BATCH, result: { form: 'rows' } };

  it.each([
    ['is waited for as long as rows are, where they are asked for', 19, 'FINISHED', wanted, 1],
    ['is told as unreadable in the end', 20, 'FINISHED', wanted, 0],
    ['is told without its counts where no rows are asked for', 6, 'FINISHED', BATCH, 0],
    ['is told without a text where it failed', 6, 'FAILED', wanted, 0],
  ] as const)('%s: after %i times', async (_what, deferrals, state, item, deferred) => {
    expect(await settleAfter(deferrals, state, item)).toEqual({ deferred, answered: 1 - deferred });
  });
});

describe('the cause of a batch that did not finish', () => {
  it('names the first statement that failed, by place and short SQL', async () => {
    drain.errorText = () => Promise.resolve('Query #2 failed with ERROR: number 1');
    const sql = `create user etl password 'secret' ${'x'.repeat(400)}`;

    const cause = await failureOf('FAILED', BATCH, statementsOf(['FINISHED', 'FAILED', 'FAILED'], '', sql));

    expect(cause).toMatchObject({
      error: 'FAILED',
      message: 'Query #2 failed with ERROR: number 1',
      state: 'FAILED',
      sqlStatement: CANARIES.shortSql,
      failedStatement: { index: 1, statementId: `${STATEMENT_ID}:2` },
    });
    const { sqlStatement } = cause['failedStatement'] as { sqlStatement: string };
    expect(sqlStatement).toMatch(/^create user etl password '\*\*\*' x+…$/);
    expect(sqlStatement).toHaveLength(256);
  });

  it('has the name by the cause of the statement that failed, where names by cause are asked for', async () => {
    const item = { ...BATCH, errors: 'cause' } as const;
    const failed = statementsOf(['FINISHED', 'FAILED', 'FINISHED']).map((statement) =>
      statement.state === 'FAILED' ? { ...statement, errorText: 'ERROR: division by zero' } : statement,
    );
    drain.errorText = () => Promise.resolve('Query #2 failed with ERROR: division by zero');

    expect(await failureOf('FAILED', item, failed)).toMatchObject({
      error: 'DataError',
      message: 'Query #2 failed with ERROR: division by zero',
    });
  });

  it('has the own SQL of the statement that failed, without the comment that was sent before it', async () => {
    const item = { ...BATCH, sqlComment: '/* sfn-redshift key=1 */' };
    const statements = statementsOf(['FAILED'], '/* sfn-redshift key=1 */\nselect 1');

    expect((await failureOf('FAILED', item, statements))['failedStatement']).toMatchObject({
      sqlStatement: 'select 1',
    });
  });

  it('has the words of the statement that failed where there are none of the batch', async () => {
    const cause = await failureOf('FAILED', BATCH, statementsOf(['FINISHED', 'FAILED', 'FINISHED']));

    expect(cause['message']).toBe('ERROR: number 1');
    expect(drain.telemetry.counts).not.toContain('ErrorTextMissing');
  });

  it.each<[string, TrackingItem, string[], string[], number[]]>([
    ['of statements that commit alone all that finished', BATCH, ['FINISHED', 'FAILED', 'FINISHED'], [], [0, 2]],
    ['of a transaction nothing', TRANSACTION, ['FINISHED', 'FAILED', 'ABORTED'], [], []],
    ['of one that failed as it was to be committed nothing', TRANSACTION, ['FINISHED', 'FINISHED', 'FINISHED'], [], []],
    [
      'of one with a TRUNCATE that and what came before',
      TRANSACTION,
      ['FINISHED', 'FINISHED', 'FAILED'],
      ['insert into t values (1)', '/* all */ TRUNCATE t'],
      [0, 1],
    ],
    [
      'of one with a TRUNCATE that failed nothing',
      TRANSACTION,
      ['FINISHED', 'FAILED', 'ABORTED'],
      ['insert into t values (1)', 'truncate t'],
      [],
    ],
    [
      'of one with a COMMIT what came before',
      TRANSACTION,
      ['FINISHED', 'FINISHED', 'FAILED'],
      ['commit', 'truncated()'],
      [0],
    ],
  ])('tells what was committed: %s', async (_what, item, states, sqls, committed) => {
    expect((await failureOf('FAILED', item, statementsOf(states, ...sqls)))['committed']).toEqual(committed);
  });

  it('tells what was committed of a batch that was cancelled, and names no statement', async () => {
    const cause = await failureOf('ABORTED', BATCH, statementsOf(['FINISHED', 'ABORTED', 'ABORTED']));

    expect(cause).toMatchObject({ error: 'ABORTED', committed: [0] });
    expect(cause).not.toHaveProperty('failedStatement');
  });

  it('tells that of one that we cancelled because it ran too long', async () => {
    const overrun = {
      ...BATCH,
      status: 'cancelling',
      cancelCause: 'maxRuntimeSeconds',
      maxRuntimeSeconds: 30,
    } as const;

    expect(await failureOf('ABORTED', overrun, statementsOf(['FINISHED', 'ABORTED', 'ABORTED']))).toMatchObject({
      message: 'The statement was cancelled because it ran longer than maxRuntimeSeconds (30).',
      committed: [0],
    });
  });

  it('says nothing of its statements where they cannot be read', async () => {
    drain.errorText = () => Promise.reject(awsError('AccessDeniedException', 400));

    const cause = await failureOf('FAILED', BATCH, []);

    expect(Object.keys(cause)).toEqual([
      'error',
      'message',
      'statementId',
      'statementName',
      'state',
      'sqlStatement',
      'time',
      'thread',
    ]);
  });
});
