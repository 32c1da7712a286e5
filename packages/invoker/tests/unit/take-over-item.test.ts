import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { takeOverItem } from '../../src/take-over-item.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { claimWith, itemWith } from '../helpers/requests.ts';

const LATER = START + 60_000;
const NEXT: Partial<TrackingItem> = {
  callback: { type: 'stepFunctions', taskToken: 'next' },
  startDeadline: LATER + 30_000,
  expiresAt: 99,
};
const REQUEST = claimWith(NEXT);

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
  dependencies.clock.time = LATER;
});

const takeOver = (found: TrackingItem, request = REQUEST) => {
  dependencies.table.seed(found);
  return takeOverItem(found, request, () => true, dependencies);
};

/** Somebody writes the item just before the take-over is written, which so fails. */
const meanwhile = (changes: Partial<TrackingItem>) => {
  const { table } = dependencies;
  const write = table.takeOver.bind(table);
  table.takeOver = async (standing, next) => {
    table.takeOver = write;
    await write(standing, next);
    table.change(changes);
    return { done: false, standing: table.only };
  };
};

const CLOSED = { status: 'closed', outcome: 'FINISHED', delivered: false, closedAt: START + 5 } as const;

describe('an item that nobody waits for', () => {
  it("becomes the request's own, with all that this asks for and nothing else", async () => {
    const clocks = { executionArn: 'arn', heartbeatSeconds: 180, maxRuntimeSeconds: 60, errors: 'cause' };
    const plain = { ...itemWith(), ...NEXT, generation: 2 };

    expect(await takeOver(itemWith(), { ...REQUEST, ...clocks })).toStrictEqual({
      type: 'adopted',
      item: { ...plain, ...clocks },
    });
    expect(await takeOver(itemWith({ ...clocks, goneSince: 5 }))).toStrictEqual({ type: 'adopted', item: plain });
  });

  it('is the claim of the request where it has no statement, and not the first under its ClientToken', async () => {
    const item = { ...claimWith(), ...NEXT, generation: 2, startGeneration: 1 };

    expect(await takeOver(claimWith())).toEqual({ type: 'claimed', item, firstUse: false });
  });

  it('is taken over once more where another invocation of the request is gone that had taken it over', async () => {
    const found = claimWith({ ...NEXT, startDeadline: LATER - 1, generation: 2, startGeneration: 1 });

    expect(await takeOver(found)).toMatchObject({ type: 'claimed', item: { generation: 3, startGeneration: 1 } });
    expect(dependencies.table.only).toMatchObject({ generation: 3, startDeadline: REQUEST.startDeadline });
  });

  it.each<[string, TrackingItem, Partial<TrackingItem>, object]>([
    ['runs', itemWith(), {}, { type: 'adopted' }],
    ['had ended', itemWith(CLOSED), {}, { type: 'reopened', ended: itemWith(CLOSED) }],
    ['had ended, and was told meanwhile', itemWith(CLOSED), { ...CLOSED, delivered: true }, { type: 'adopted' }],
    ['was being started', claimWith(), {}, { type: 'claimed', firstUse: false }],
  ])('is known as its own where the answer to the write was lost, of one that %s', async (_what, found, now, claim) => {
    meanwhile(now);

    expect(await takeOver(found)).toEqual({ ...claim, item: dependencies.table.only });
    expect(dependencies.table.only).toMatchObject({ generation: 2, callback: REQUEST.callback });
  });

  it('is left to others where it is gone meanwhile', async () => {
    dependencies.table.takeOver = () => Promise.resolve({ done: false, standing: undefined });

    expect(await takeOver(itemWith())).toBeUndefined();
  });

  it('is left to others where it keeps changing', async () => {
    let tries = 0;
    dependencies.table.takeOver = (standing) => {
      if ((tries += 1) > 10) throw new Error('tries for ever');
      return Promise.resolve({ done: false, standing });
    };

    expect(await takeOver(itemWith())).toBeUndefined();
    expect(tries).toBe(3);
  });
});
