import { type ExecuteRequest, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { itemWith, REQUEST, STATEMENT_ID } from '../helpers/requests.ts';

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
  dependencies.clock.time = START + 3_600_000;
});

const requestOf = (retryCount: number, changes: Partial<ExecuteRequest> = {}): ExecuteRequest => ({
  ...REQUEST,
  attempt: { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount, redriveCount: 0 },
  callback: { type: 'stepFunctions', taskToken: `token-${retryCount}` },
  ...changes,
});

const RETRY = requestOf(1);

const start = (request = RETRY) =>
  startStatement(request, { requestId: 'lambda-request-1', deadline: dependencies.clock.time + 30_000 }, dependencies);

/** What the first attempt has left behind; its task has ended. */
const leave = (changes: Partial<TrackingItem>): TrackingItem => {
  const item = itemWith(changes, requestOf(0));
  dependencies.table.seed(item);
  dependencies.tasks.gone.add('token-0');
  return item;
};

const starts = () => dependencies.dataApi.starts;

describe('a statement that has finished though it is being cancelled', () => {
  beforeEach(() => {
    dependencies.dataApi.answer = sdkError('ValidationException', 'already in FINISHED state', 400);
    dependencies.dataApi.endings.push({ Status: 'FINISHED' }, { Status: 'FINISHED', ResultRows: 3 });
  });

  it('is given to the retry, and its end is told once more', async () => {
    const earlier = leave({ status: 'cancelling' });

    expect(await start()).toMatchObject({ statementId: STATEMENT_ID });

    expect(starts()).toEqual([]);
    expect(await dependencies.table.read(earlier)).toMatchObject({
      status: 'submitted',
      generation: 2,
      callback: RETRY.callback,
    });
    expect(dependencies.completions.reported).toMatchObject([{ state: 'FINISHED', rows: 3 }]);
  });

  it('is given to it also where the completer has closed the item meanwhile', async () => {
    const earlier = leave({ status: 'cancelling' });
    dependencies.table.closeFinished = () => {
      const standing = { ...earlier, status: 'closed', outcome: 'FINISHED', delivered: false } as const;
      dependencies.table.seed(standing);
      return Promise.resolve({ done: false, standing });
    };

    expect(await start()).toMatchObject({ statementId: STATEMENT_ID });
    expect(starts()).toEqual([]);
  });

  it('is run anew by a retry that restarts; its own end closes it', async () => {
    const earlier = leave({ status: 'cancelling' });

    await start(requestOf(1, { onRetry: 'restart' }));

    expect(starts()).toHaveLength(1);
    expect(await dependencies.table.read(earlier)).toEqual(earlier);
  });
});
