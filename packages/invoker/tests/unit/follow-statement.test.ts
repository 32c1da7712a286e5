import type { ReferenceRequest, StatementReference } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { followStatement } from '../../src/follow-statement.ts';
import { type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { claimWith, EXECUTION, itemWith, STATEMENT_ID } from '../helpers/requests.ts';

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

const LATEST: StatementReference = { latestOf: EXECUTION };

const follow = (action: ReferenceRequest['action'], statement: StatementReference = { id: STATEMENT_ID }, more = {}) =>
  followStatement({ action, statement, ...more }, dependencies);

describe('followStatement', () => {
  it.each([
    ['describeStatement', ['describe', STATEMENT_ID]],
    ['cancelStatement', ['cancel', STATEMENT_ID]],
    ['getStatementResult', ['result', STATEMENT_ID, undefined]],
  ] as const)('%s gives the answer of the Data API', async (action, call) => {
    dependencies.dataApi.answer = { Id: STATEMENT_ID, Status: 'STARTED', $metadata: { requestId: 'r' } };

    expect(await follow(action)).toEqual({ Id: STATEMENT_ID, Status: 'STARTED' });
    expect(dependencies.dataApi.followed).toEqual([call]);
  });

  it('passes nextToken on, and gives the one of the next page', async () => {
    dependencies.dataApi.answer = { Records: [], NextToken: 'page-3' };

    expect(await follow('getStatementResult', undefined, { nextToken: 'page-2' })).toEqual({
      Records: [],
      NextToken: 'page-3',
    });
    expect(dependencies.dataApi.followed).toEqual([['result', STATEMENT_ID, 'page-2']]);
  });

  it('makes the answer JSON: dates in ISO 8601, binary in base64, no numbers that JSON lacks', async () => {
    dependencies.dataApi.answer = {
      CreatedAt: new Date('2026-11-26T08:00:00.123Z'),
      UpdatedAt: new Date(Number.NaN),
      NextToken: undefined,
      Records: [
        [
          { blobValue: new Uint8Array([1, 2, 255]) },
          { doubleValue: Number.NaN },
          { doubleValue: -Infinity },
          { isNull: true },
        ],
      ],
    };

    const answer = await follow('getStatementResult');

    expect(answer).toEqual({
      CreatedAt: '2026-11-26T08:00:00.123Z',
      UpdatedAt: null,
      Records: [[{ blobValue: 'AQL/' }, { doubleValue: 'NaN' }, { doubleValue: '-Infinity' }, { isNull: true }]],
    });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    expect(answer).not.toHaveProperty('NextToken');
  });

  it('gives an answer that just fits into a state, and refuses one byte more: nothing is truncated', async () => {
    const frame = JSON.stringify({ Records: '' }).length;
    dependencies.dataApi.answer = { Records: 'é'.repeat((260_000 - frame) / 2) };

    expect(await follow('getStatementResult')).toEqual(dependencies.dataApi.answer);

    dependencies.dataApi.answer = { Records: `${'é'.repeat((260_000 - frame) / 2)}x` };
    await expect(follow('getStatementResult')).rejects.toMatchObject({
      name: 'ResponseTooLarge',
      retryable: false,
      message: `the answer of getStatementResult for ${STATEMENT_ID} has 260001 bytes, more than the 260000 that fit into a state; select fewer rows or columns, or UNLOAD them to S3`,
    });
  });
});

describe('cancelStatement', () => {
  const stored = (changes = {}) => {
    const item = itemWith({ statementId: STATEMENT_ID, status: 'submitted', ...changes });
    dependencies.table.seed(item);
    return item;
  };
  const refusal = (state: string) =>
    sdkError(
      'ValidationException',
      `Could not cancel a query that is already in ${state} state with ID: ${STATEMENT_ID}`,
      400,
    );

  it.each([['FINISHED'], ['FAILED'], ['ABORTED']])(
    'of a statement that is %s is no error: nothing was cancelled',
    async (state) => {
      stored();
      dependencies.dataApi.answer = refusal(state);

      expect(await follow('cancelStatement', LATEST)).toEqual({ Status: false });
      expect(dependencies.table.only.status).toBe('submitted');
    },
  );

  it.each([
    ['one that has not begun to run', refusal('SUBMITTED')],
    ['one that is not there', sdkError('ResourceNotFoundException', 'Query does not exist.', 400)],
  ])('of %s is refused as the Data API refuses it', async (_what, error) => {
    dependencies.dataApi.answer = error;

    await expect(follow('cancelStatement')).rejects.toBe(error);
  });

  it('notes it in the item of LATEST', async () => {
    const item = stored();
    dependencies.dataApi.answer = { Status: true };

    expect(await follow('cancelStatement', LATEST)).toEqual({ Status: true });

    expect(dependencies.table.only).toEqual({ ...item, status: 'cancelling' });
  });

  it('leaves an item alone that has closed', async () => {
    const item = stored({ status: 'closed', outcome: 'FINISHED' });

    await follow('cancelStatement', LATEST);

    expect(dependencies.table.only).toEqual(item);
  });

  it('succeeds where the note fails: the statement is cancelled', async () => {
    stored();
    dependencies.table.markCancelling = () => Promise.reject(sdkError('InternalServerError', 'no', 500));
    dependencies.dataApi.answer = { Status: true };

    expect(await follow('cancelStatement', LATEST)).toEqual({ Status: true });
    expect(dependencies.telemetry.lines).toMatchObject([{ level: 'warn', message: 'cancel not noted' }]);
  });
});

describe('LATEST', () => {
  const stored = (invocationKey: string, startedAt: number, changes = {}) =>
    dependencies.table.seed(itemWith({ invocationKey, startedAt, statementId: `id-${invocationKey}`, ...changes }));
  const followed = () => dependencies.dataApi.followed.map(([, id]) => id);

  it('is the newest statement of the execution', async () => {
    stored('old', 1);
    stored('new', 3);
    stored('middle', 2);

    await follow('describeStatement', LATEST);

    expect(followed()).toEqual(['id-new']);
  });

  it('is one that this invoker started, and that has an id', async () => {
    stored('mine', 1);
    stored('of-another-target', 5, { targetId: 'second' });
    stored('of-another-execution', 5, { owner: `${EXECUTION}-2` });
    dependencies.table.seed(claimWith({ invocationKey: 'being-started', startedAt: 5 }));

    await follow('cancelStatement', LATEST);

    expect(followed()).toEqual(['id-mine']);
  });

  it('is of the state that is asked for', async () => {
    const attempt = { state: 'Other', enteredTime: 'now', retryCount: 0, redriveCount: 0 };
    stored('load', 1);
    stored('other', 2, { attempt });

    await follow('describeStatement', { ...LATEST, state: 'Load' });

    expect(followed()).toEqual(['id-load']);
  });

  it.each([
    ['', LATEST],
    [' in its state Load', { ...LATEST, state: 'Load' }],
  ])('names the execution where it has started nothing%s', async (inState, reference) => {
    await expect(follow('getStatementResult', reference)).rejects.toMatchObject({
      name: 'PreviousExecutionNotFound',
      message: `no statement was started here for the execution ${EXECUTION}${inState}`,
    });
    expect(followed()).toEqual([]);
  });
});
