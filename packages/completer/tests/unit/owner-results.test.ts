import { describe, expect, it } from 'vitest';
import { drainResultPace, ownerResults, resultSession, SWEEP_RESULT_PACE } from '../../src/owner-results.ts';
import { awsError, ITEM, STATEMENT_ID } from '../helpers/fixtures.ts';
import { pageOf } from '../helpers/memory-results.ts';

const PAGE = pageOf({ n: 'int4' }, []);

describe('results, read as their owner', () => {
  it('take no more than 16 of the account’s 20 pages a second, all sandboxes together', () => {
    for (const sandboxes of [2, 5, 20, 1000]) {
      expect(sandboxes * drainResultPace(sandboxes).perSecond + SWEEP_RESULT_PACE.perSecond).toBeCloseTo(16);
    }
  });

  it('let as many wait as have their turn within five seconds, and always one', () => {
    expect([1, 5, 1000].map((sandboxes) => drainResultPace(sandboxes).maxWaiting)).toEqual([70, 14, 1]);
  });

  it('are asked for by a session that may do nothing else', () => {
    expect(resultSession('x')).toEqual({ name: 'x', calls: ['GetStatementResult'] });
  });

  it('are asked for once more where credentials have expired', async () => {
    const made: string[] = [];
    const results = ownerResults(
      ({ ownerRoleArn }) => {
        made.push(ownerRoleArn);
        const expired = made.length === 1;
        return Promise.resolve(() =>
          expired ? Promise.reject(awsError('ExpiredTokenException', 400)) : Promise.resolve(PAGE),
        );
      },
      { perSecond: 10, maxWaiting: 1 },
    );

    expect(await results.page(ITEM, STATEMENT_ID, undefined)).toBe(PAGE);
    expect(made).toEqual([ITEM.ownerRoleArn, ITEM.ownerRoleArn]);
  });
});
