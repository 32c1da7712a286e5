import { beforeEach, describe, expect, it } from 'vitest';
import { HeldBack } from '../../../src/errors.ts';
import { awsError, KEY, NOW, STATEMENT_ID, STATEMENT_NAME } from '../../helpers/fixtures.ts';
import { aged, TestSweep } from '../../helpers/sweep.ts';

const MINUTE = 60_000;
const THREAD = { ...KEY, executionName: '7a10' };
const STATEMENT = { statementId: STATEMENT_ID, statementName: STATEMENT_NAME };

let sweep: TestSweep;

beforeEach(() => {
  sweep = new TestSweep();
});

/** What the sweep itself logs, without the words for people. */
const logged = () =>
  sweep.telemetry.lines
    .filter(({ message }) => message !== 'statement is settled')
    .map(({ level, fields }) => [level, fields]);

describe('of the sweep is logged', () => {
  it('what had ended unheard', async () => {
    sweep.table.seed(aged(MINUTE));

    await sweep.run();

    expect(logged()).toEqual([['warn', { ...STATEMENT, outcome: 'FINISHED' }]]);
  });

  it('what could not be looked at, and why', async () => {
    sweep.table.seed(aged(MINUTE));
    sweep.describe = () => Promise.reject(awsError('AccessDeniedException', 403));

    await sweep.run();

    expect(logged()).toEqual([
      [
        'error',
        {
          ...THREAD,
          error: 'AccessDeniedException',
          status: 403,
          requestId: 'r1',
          at: expect.stringMatching(/^at .*fixtures/) as string,
        },
      ],
    ]);
  });

  it('that an item changes under its hands', async () => {
    sweep.table.seed(aged(MINUTE));
    let generation = 1;
    sweep.table.beforeClose = () => sweep.table.seed(aged(MINUTE, { generation: ++generation }));

    await sweep.run();

    expect(logged().at(-1)).toEqual([
      'error',
      { ...THREAD, error: 'ItemKeepsChanging', reason: 'the item changed 3 times' },
    ]);
    expect(generation).toBe(4);
  });

  it('which cancel the next run makes', async () => {
    sweep.table.seed(aged(MINUTE, { status: 'cancelling' }));
    sweep.describe = () => Promise.resolve({ state: 'STARTED' });
    sweep.cancel = () => Promise.reject(new HeldBack('later'));

    await sweep.run();

    expect(logged()).toEqual([['info', STATEMENT]]);
  });

  it('that another run has come further', async () => {
    sweep.moves = () => false;

    await sweep.run();

    expect(logged()).toEqual([['info', {}]]);
  });

  it('where it has stopped for want of time', async () => {
    for (let number = 0; number < 21; number++) sweep.table.seed(aged(MINUTE, { owner: `owner-${number}` }));

    await sweep.run(() => (sweep.answers.length < 20 ? MINUTE : 0));

    expect(logged().at(-1)).toEqual(['warn', { position: NOW - MINUTE - 1 }]);
  });
});
