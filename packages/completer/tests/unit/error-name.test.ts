import { beforeEach, describe, expect, it } from 'vitest';
import { TestDrain } from '../helpers/drain.ts';
import { eventOf, ITEM, recordOf } from '../helpers/fixtures.ts';

const DEADLOCK = 'ERROR: deadlock detected';
const RULE = 'ERROR: Query (5) cancelled by WLM abort action of Query Monitoring Rule "r".';

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
  drain.table.seed({ ...ITEM, errors: 'cause' });
});

const toldOf = async (state: string, errorText: string | undefined) => {
  drain.errorText = () => Promise.resolve(errorText);
  expect(await drain.retried(recordOf(eventOf(state)))).toEqual([]);
  const result = drain.answers[0]?.result;
  if (result?.type !== 'failure') throw new Error('no failure was sent');
  return { error: result.error, cause: JSON.parse(result.cause) as Record<string, unknown> };
};

describe('the error of a task that wants it named by cause', () => {
  it('is named by what the text proves; the cause tells the state, and all else that it told', async () => {
    const { error, cause } = await toldOf('FAILED', DEADLOCK);

    expect(error).toBe('LockConflict');
    expect(cause).toMatchObject({ message: DEADLOCK, state: 'FAILED', sqlStatement: ITEM.shortSql });
  });

  it.each([
    ['FAILED', 'ERROR: something new', 'FAILED'],
    ['FAILED', undefined, 'FAILED'],
    ['ABORTED', undefined, 'ABORTED'],
    ['ABORTED', "ERROR: Query (5) cancelled on user's request", 'ABORTED'],
    ['ABORTED', RULE, 'WlmAbort'],
  ])('after %s with %j is %s', async (state, text, error) => {
    expect((await toldOf(state, text)).error).toBe(error);
  });

  it('is ABORTED where the statement was cancelled for its maxRuntimeSeconds', async () => {
    drain.table.seed({ ...ITEM, errors: 'cause', maxRuntimeSeconds: 60, cancelCause: 'maxRuntimeSeconds' });

    expect((await toldOf('ABORTED', RULE)).error).toBe('ABORTED');
  });
});

it.each([ITEM, { ...ITEM, errors: 'state' }, { ...ITEM, errors: 'of a newer version' }])(
  'the error of any other task is named by the state',
  async (item) => {
    drain.table.seed(item);

    expect((await toldOf('FAILED', DEADLOCK)).error).toBe('FAILED');
  },
);
