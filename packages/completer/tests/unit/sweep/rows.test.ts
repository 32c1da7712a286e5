import { beforeEach, describe, expect, it } from 'vitest';
import { awsError, KEY, NOW } from '../../helpers/fixtures.ts';
import { pageOf } from '../../helpers/memory-results.ts';
import { aged, TestSweep } from '../../helpers/sweep.ts';

const MINUTE = 60_000;

let sweep: TestSweep;

beforeEach(() => {
  sweep = new TestSweep();
  sweep.results.give = () => Promise.resolve(pageOf({ n: 'int4' }, [[{ longValue: 7 }]]));
});

describe('the rows of a statement that has ended unheard', () => {
  it('are read by the sweep', async () => {
    sweep.table.seed(aged(90_000, { result: { form: 'value' } }));

    await sweep.run();

    expect(sweep.answers).toMatchObject([{ result: { type: 'success', output: { result: { value: 7 } } } }]);
    expect(sweep.table.stored(KEY)).toMatchObject({ status: 'closed', delivered: true });
  });

  it('are left to the next run where they cannot be had now; the task that asked for heartbeats gets them', async () => {
    sweep.results.give = () => Promise.reject(awsError('ThrottlingException', 400));
    sweep.table.seed(aged(90_000, { result: { form: 'value' }, heartbeatSeconds: 120 }));

    await sweep.run();

    expect(sweep.answers).toEqual([]);
    expect(sweep.takeCalls()).toContain('SendTaskHeartbeat');
    expect(sweep.table.stored(KEY)).toMatchObject({ status: 'submitted' });
  });

  it('are left to the next run, too, when the end of a long one is found late', async () => {
    sweep.results.give = () => Promise.reject(awsError('ThrottlingException', 400));
    sweep.table.seed(aged(26 * 60 * MINUTE, { result: { form: 'value' }, heartbeatSeconds: 120 }));
    sweep.describe = () => Promise.resolve({ updatedAt: NOW - 145 * MINUTE });

    await sweep.run();

    expect(sweep.answers).toEqual([]);
  });

  it('fail the task when there was no having them for six hours', async () => {
    sweep.results.give = () => Promise.reject(awsError('ThrottlingException', 400));
    sweep.table.seed(aged(420 * MINUTE, { result: { form: 'value' }, heartbeatSeconds: 120 }));
    sweep.describe = () => Promise.resolve({ updatedAt: NOW - 361 * MINUTE });

    await sweep.run();

    expect(sweep.answers).toMatchObject([{ result: { type: 'failure', error: 'ResultUnreadable' } }]);
  });
});
