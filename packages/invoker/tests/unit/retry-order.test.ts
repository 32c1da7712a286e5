import { type ExecuteRequest, type TrackingItem, trackingKeyOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { itemWith, REQUEST } from '../helpers/requests.ts';

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
  dependencies.clock.time = START + 3_600_000;
});

const requestOf = (retryCount: number, taskToken: string, redriveCount = 0): ExecuteRequest => ({
  ...REQUEST,
  attempt: { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount, redriveCount },
  callback: { type: 'stepFunctions', taskToken },
});

const retries = [0, 1, 2].map((n) => requestOf(1, `retry-${n}`));

const start = (request = requestOf(1, 'retry')) =>
  startStatement(request, { requestId: 'any', deadline: dependencies.clock.time + 30_000 }, dependencies);

/** Leaves behind what another attempt did, whose task still waits. */
const leave = (changes: Partial<TrackingItem>, request: ExecuteRequest) =>
  dependencies.table.seed(itemWith(changes, request));

const starts = () => dependencies.dataApi.starts;

describe('retries', () => {
  it.each([
    ['whose outcome its task was told', { status: 'closed', outcome: 'FINISHED', delivered: true }],
    ['that was refused', { status: 'closed', outcome: 'REFUSED', delivered: false }],
  ] as const)('do not ask after an attempt %s', async (_what, changes) => {
    leave(changes, requestOf(0, 'first'));

    await start();

    expect(dependencies.tasks.asked).toEqual([]);
    expect(starts()).toHaveLength(1);
  });

  it('that is later than another, of a later redrive or a later retry, asks after its own task only', async () => {
    leave({}, requestOf(0, 'redriven', 1));
    leave({}, requestOf(2, 'later'));

    await start();

    expect(dependencies.tasks.asked).toEqual(['retry']);
    expect(starts()).toHaveLength(1);
  });

  it('ask first after what runs, then after what starts, is being cancelled, has ended', async () => {
    const standing = [
      { status: 'closed', outcome: 'FAILED', delivered: false },
      { status: 'cancelling' },
      { status: 'starting' },
      { status: 'submitted' },
    ] as const;
    for (const changes of standing) {
      const taskToken = `token-${changes.status}`;
      leave(changes, requestOf(0, taskToken));
    }
    for (const request of retries) await start(request);

    const order = ['token-submitted', 'token-starting', 'token-cancelling', 'token-closed'];
    expect(dependencies.tasks.asked).toEqual([...order, ...order, ...order]);
  });

  it('begin each at a place of its own, which its key tells', async () => {
    const tokens = [0, 1, 2, 3, 4].map((n) => `first-${n}`);
    for (const [n, taskToken] of tokens.entries()) {
      leave({ startedAt: START - n }, requestOf(0, taskToken));
    }
    for (const request of retries) {
      const { invocationKey } = trackingKeyOf(request, 'any');
      const place = Number.parseInt(invocationKey.slice(0, 8), 16) % 5;
      dependencies.tasks.asked.length = 0;
      await start(request);

      expect(dependencies.tasks.asked).toEqual([...tokens.slice(place), ...tokens.slice(0, place)]);
    }
  });

  it('ask after 20 of them at most', async () => {
    for (let n = 0; n < 22; n++) leave({}, requestOf(0, `first-${n}`));
    await start();

    expect(new Set(dependencies.tasks.asked).size).toBe(20);
    expect(starts()).toHaveLength(1);
  });
});
