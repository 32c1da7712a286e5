import { StartInProgress, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { endStatement } from '../../src/end-statement.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { claimWith, itemWith, STATEMENT_ID } from '../helpers/requests.ts';

const NOT_ENDED = new StartInProgress(
  'the statement of an earlier attempt is being cancelled and has not ended yet; repeat the request in a moment',
);

let dependencies: TestDependencies;
let waits: number[];
beforeEach(() => {
  dependencies = testDependencies();
  waits = [];
  dependencies.dataApi.awaitEnd = (_id, seconds) => {
    waits.push(seconds);
    dependencies.clock.time += seconds * 1_000;
    return Promise.resolve({ Status: 'STARTED' });
  };
});

const end = (waitMs: number, earlier: TrackingItem = itemWith()) => {
  dependencies.table.seed(earlier);
  return endStatement(earlier, { waitUntil: START + waitMs }, dependencies);
};

describe('the end of an earlier statement', () => {
  it('is waited for in whole seconds, 5 at most, as long as there is time', async () => {
    await expect(end(12_500)).rejects.toThrow(NOT_ENDED);

    expect(waits).toEqual([5, 5, 2, 1]);
  });

  it('is not waited for where there is no time', async () => {
    await expect(end(0)).rejects.toThrow(NOT_ENDED);

    expect(waits).toEqual([]);
  });

  it('is not there where the wait was broken off', async () => {
    dependencies.dataApi.awaitEnd = () => Promise.reject(sdkError('AbortError', 'aborted'));

    await expect(end(10_000)).rejects.toThrow(NOT_ENDED);
  });

  it('is not there where nothing is told of it', async () => {
    dependencies.dataApi.awaitEnd = () => {
      dependencies.clock.time += 10_000;
      return Promise.resolve({});
    };

    await expect(end(10_000)).rejects.toThrow(NOT_ENDED);
  });

  it('of one that is marked already is not marked again', async () => {
    dependencies.table.markCancelling = () => Promise.reject(new Error('it is marked'));
    dependencies.dataApi.awaitEnd = () => Promise.resolve({ Status: 'ABORTED' });

    await end(10_000, itemWith({ status: 'cancelling' }));

    expect(dependencies.dataApi.followed).toEqual([['cancel', STATEMENT_ID]]);
  });

  it('of one without an id cannot be brought about', async () => {
    await expect(end(10_000, claimWith({ status: 'cancelling' }))).rejects.toThrow(NOT_ENDED);

    expect(dependencies.dataApi.followed).toEqual([]);
  });
});
