import { describe, expect, it } from 'vitest';
import { NaiveStage } from '../../helpers/naive-stage.ts';

const ORDERS = 10;

/** How each of some orders fares, one after the other, when half of all starts are throttled and half of all events lost. */
const run = async (naive: NaiveStage, name: string): Promise<readonly string[]> => {
  await naive.reset();
  const { faults } = naive.stage;
  faults.add({ on: 'call', operation: 'ExecuteStatement', do: 'throttle', probability: 0.5 });
  faults.add({ on: 'event', pattern: { source: ['aws.redshift-data'] }, do: 'drop', probability: 0.5 });
  const fates: string[] = [];
  for (let i = 0; i < ORDERS; i++) fates.push(await fateOf(naive, `${name}-${i}`));
  return fates;
};

/** Its error, `SUCCEEDED`, or `lost` when nobody will ever tell. */
const fateOf = async (naive: NaiveStage, order: string): Promise<string> => {
  const over = new AbortController();
  const after = naive.stage.events.latestId;
  const executionArn = await naive.start(order);
  const lost = naive.stage.events.waitFor({ after, outcome: 'dropped' }, { signal: over.signal }).then(() => 'lost');
  lost.catch(() => undefined);
  const ended = naive.ended(executionArn).then(({ status, error }) => error ?? String(status));
  const fate = await Promise.race([lost, ended]);
  over.abort();
  return fate;
};

/** In which order the events of some orders were delivered that came in one window: by the place in which each was put. */
const shuffle = async (naive: NaiveStage, name: string): Promise<readonly number[]> => {
  await naive.reset();
  const after = naive.stage.events.latestId;
  const source = 'aws.redshift-data';
  naive.stage.faults.add({ on: 'event', pattern: { source: [source] }, do: 'reorder', window: 4 });
  for (let i = 0; i < 4; i++) {
    await naive.start(`${name}-${i}`);
    await naive.stage.events.waitFor({ after, source, outcome: 'held' }, { count: i + 1 });
  }
  const delivered = await naive.stage.events.waitFor({ after, source, outcome: 'delivered' }, { count: 4 });
  const put = naive.stage.events.find({ after, source, outcome: 'put' });
  return delivered.map(({ event }) => put.findIndex((record) => record.event === event));
};

describe('The seed of a stage', () => {
  it('decides what is hit: twice the same run with the same seed, another run with another one', async () => {
    const [one, two] = [await NaiveStage.start(1), await NaiveStage.start(2)];
    try {
      const first = await run(one, 'first');
      expect(await run(one, 'again')).toEqual(first);
      expect(new Set(first)).toEqual(new Set(['SUCCEEDED', 'ThrottlingException', 'lost']));
      expect(await run(two, 'other')).not.toEqual(first);

      const order = await shuffle(one, 'window');
      expect(order.toSorted()).toEqual([0, 1, 2, 3]);
      expect(await shuffle(one, 'window-again')).toEqual(order);
      expect(await shuffle(two, 'window-other')).not.toEqual(order);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });
});
