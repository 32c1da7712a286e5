import { type Callback, StartInProgress, StartUncertain } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkTakeOver, isForsaken, isSameTask, refuseOtherWork } from '../../src/claim.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { claimWith, itemWith } from '../helpers/requests.ts';

const HOUR = 3_600_000;
const TASK: Callback = { type: 'stepFunctions', taskToken: 'one' };
const OTHER_TASK: Callback = { type: 'stepFunctions', taskToken: 'other' };
const DURABLE: Callback = { type: 'durableFunction', callbackId: 'one' };
const NONE: Callback = { type: 'none' };

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

describe('two items', () => {
  it.each<[Callback, Callback, boolean]>([
    [TASK, TASK, true],
    [TASK, OTHER_TASK, false],
    [TASK, NONE, false],
    [NONE, TASK, false],
    [NONE, NONE, true],
    [DURABLE, NONE, false],
    [DURABLE, DURABLE, true],
    [DURABLE, { ...DURABLE, callbackId: 'other' }, false],
    [DURABLE, TASK, false],
  ])('with %j and %j are of the same task: %s', (one, other, same) => {
    expect(isSameTask(itemWith({ callback: one }), itemWith({ callback: other }))).toBe(same);
  });
});

describe('an item', () => {
  it('is forsaken when its task is gone', async () => {
    dependencies.tasks.gone.add('one');

    expect(await isForsaken(itemWith({ callback: TASK }), dependencies)).toBe(true);
    expect(await isForsaken(itemWith({ callback: OTHER_TASK }), dependencies)).toBe(false);
  });

  it('that has no task of Step Functions is never known to be forsaken', async () => {
    expect(await isForsaken(itemWith({ callback: NONE }), dependencies)).toBe(false);
    expect(await isForsaken(itemWith({ callback: DURABLE }), dependencies)).toBe(false);
    expect(dependencies.tasks.asked).toEqual([]);
  });
});

describe('a claim without a statement', () => {
  const claim = claimWith({ startedAt: START, startDeadline: START + 30_000 });
  const check = () => {
    checkTakeOver(claim, dependencies);
  };

  it('is left alone until its deadline', () => {
    dependencies.clock.time = START + 29_999;

    expect(check).toThrow(
      new StartInProgress('another invocation is starting this statement; repeat the request in a moment'),
    );
  });

  it.each([START + 30_000, START + 7 * HOUR - 1])('may be taken over at %d', (time) => {
    dependencies.clock.time = time;

    expect(check).not.toThrow();
  });

  it('is not taken over after 7 hours, and that is counted', () => {
    dependencies.clock.time = START + 7 * HOUR;

    expect(check).toThrow(
      new StartUncertain(
        `the start of this statement was tried too long ago to be repeated safely, and may have succeeded; look for the statement by its name: ${claim.statementName}`,
      ),
    );
    expect(dependencies.telemetry.counts).toEqual(['StartUncertain']);
  });
});

describe('other work', () => {
  const ITEM = itemWith();
  const request = (isShared: boolean) => ({ item: ITEM, onRetry: 'adopt', isShared, waitUntil: START }) as const;

  it.each([
    [false, 'sqlStatement: is not the one that this task token has started; received another statement or parameters'],
    [true, 'idempotencyKey: has started other work; received another statement or parameters'],
  ])('is refused (key shared: %s)', (isShared, message) => {
    for (const changes of [{ workHash: 'other' }, { targetId: 'other' }]) {
      expect(() => {
        refuseOtherWork(itemWith(changes), request(isShared));
      }).toThrow(message);
    }
  });

  it('is not the same work', () => {
    expect(() => {
      refuseOtherWork(ITEM, request(true));
    }).not.toThrow();
  });
});
