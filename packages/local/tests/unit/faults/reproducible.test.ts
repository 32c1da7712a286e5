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

describe('The seed of a stage', () => {
  it('decides what is hit: twice the same run with the same seed, another run with another one', async () => {
    const [one, two] = [await NaiveStage.start(1), await NaiveStage.start(2)];
    try {
      const first = await run(one, 'first');
      expect(await run(one, 'again')).toEqual(first);
      expect(new Set(first)).toEqual(new Set(['SUCCEEDED', 'ThrottlingException', 'lost']));
      expect(await run(two, 'other')).not.toEqual(first);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });
});
