import { type ExecuteRequest, type TrackingItem, trackingKeyOf } from '@sfn-redshift/shared';
import { beforeEach, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { itemWith, REQUEST } from '../helpers/requests.ts';

/** Of an attempt whose task has ended, but for the one that retries. */
const requestOf = (retryCount: number): ExecuteRequest => ({
  ...REQUEST,
  attempt: { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount, redriveCount: 0 },
  callback: { type: 'stepFunctions', taskToken: `token-${retryCount}` },
});

const EARLIER = itemWith({}, requestOf(0));
const RETRY = requestOf(1);

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
  dependencies.clock.time = START + 3_600_000;
  dependencies.table.seed(EARLIER);
  dependencies.tasks.gone.add('token-0').add('token-2');
});

const start = () => startStatement(RETRY, { requestId: 'r', deadline: dependencies.clock.time + 30_000 }, dependencies);

const itemAt = (invocationKey: string): TrackingItem | undefined =>
  dependencies.table.items.find((item) => item.invocationKey === invocationKey);

/** By whoever was faster to adopt what the retry wants. */
const taken = (request: ExecuteRequest): TrackingItem =>
  itemWith({ invocationKey: EARLIER.invocationKey, generation: 2 }, request);

it('a retry that died after its decision starts its own where a sibling was faster', async () => {
  const takeOver = dependencies.table.takeOver.bind(dependencies.table);
  dependencies.table.takeOver = () => Promise.reject(sdkError('InternalServerError', 'down', 500));
  await expect(start()).rejects.toThrow('down');
  dependencies.table.takeOver = takeOver;
  const siblings = { ...taken(RETRY), callback: { type: 'stepFunctions', taskToken: 'sibling' } } as const;
  dependencies.table.seed(siblings);

  await start();

  expect(dependencies.dataApi.starts).toHaveLength(1);
  expect(itemAt(EARLIER.invocationKey)).toEqual(siblings);
  const { invocationKey } = trackingKeyOf(RETRY, 'r');
  expect(itemAt(invocationKey)).toMatchObject({ status: 'submitted', generation: 2, callback: RETRY.callback });
});

it('a retry never takes from a later attempt what that has taken first, though its task is gone as well', async () => {
  const takeOver = dependencies.table.takeOver.bind(dependencies.table);
  dependencies.table.takeOver = (standing, next) => {
    dependencies.table.seed(taken(requestOf(2)));
    return takeOver(standing, next);
  };

  await start();

  expect(dependencies.dataApi.starts).toHaveLength(1);
  expect(itemAt(EARLIER.invocationKey)).toEqual(taken(requestOf(2)));
});
