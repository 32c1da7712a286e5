import { encodeRefusedMessage, MalformedMessage, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { errorEvidenceOf } from '../../src/error-evidence.ts';
import { aboutMessage } from '../../src/settle-message.ts';
import { TestDrain } from '../helpers/drain.ts';
import {
  awsError,
  CANARIES,
  eventOf,
  ITEM,
  KEY,
  NOW,
  recordOf,
  STATEMENT_ID,
  STATEMENT_NAME,
} from '../helpers/fixtures.ts';

const STATEMENT = { statementId: STATEMENT_ID, statementName: STATEMENT_NAME };
const SETTLED = { ...STATEMENT, stateName: ITEM.attempt?.state, generation: 1, outcome: 'FINISHED', delivered: true };
const EXECUTION_ENDED = { type: 'executionEnded', executionArn: KEY.owner, status: 'ABORTED' };

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
});

/** What is logged, without the words for people, when one message is settled while the table holds this item. */
const loggedOf = async (content: unknown, item: TrackingItem | undefined = ITEM) => {
  if (item) drain.table.seed(item);
  await drain.settle([recordOf(content)]);
  return drain.telemetry.lines.map(({ level, fields }) => [level, fields]);
};

describe('of a statement is logged', () => {
  it('how it was settled', async () => {
    expect(await loggedOf(eventOf('FINISHED'))).toEqual([['info', SETTLED]]);
  });

  it("that it is another tasker's, but not what that calls it", async () => {
    const event = eventOf('FINISHED', { statementName: 'other/x' });

    expect(await loggedOf(event)).toEqual([['info', { statementId: STATEMENT_ID }]]);
  });

  it('that it has not ended', async () => {
    expect(await loggedOf(eventOf('STARTED'))).toEqual([['info', { ...STATEMENT, state: 'STARTED' }]]);
  });

  it('that it has no item', async () => {
    drain.table.remove(KEY);

    expect(await loggedOf(eventOf('FINISHED', {}), { ...ITEM, owner: 'other' })).toEqual([['warn', STATEMENT]]);
  });

  it('that it was settled before', async () => {
    expect(await loggedOf(eventOf('FINISHED'), { ...ITEM, status: 'closed' })).toEqual([['info', STATEMENT]]);
  });

  it('that its item is about another', async () => {
    expect(await loggedOf(eventOf('FINISHED'), { ...ITEM, statementId: 'other' })).toEqual([['error', STATEMENT]]);
  });

  it('that its item has changed', async () => {
    drain.table.beforeClose = () => {
      drain.table.beforeClose = () => undefined;
      drain.table.seed({ ...ITEM, generation: 2 });
    };

    expect(await loggedOf(eventOf('FINISHED'))).toEqual([
      ['warn', SETTLED],
      ['info', { ...SETTLED, generation: 2 }],
    ]);
  });

  it('why its error text cannot be read', async () => {
    drain.errorText = () => Promise.reject(awsError('ThrottlingException', 400));

    expect(await loggedOf(eventOf('FAILED'))).toEqual([
      ['warn', { ...STATEMENT, error: 'ThrottlingException', kind: 'throttled' }],
    ]);
  });

  it('that its output was refused', async () => {
    drain.deliver = ({ result }) =>
      Promise.resolve({ type: result.type === 'success' ? 'invalidOutput' : 'delivered' });

    expect(await loggedOf(eventOf('FINISHED'))).toEqual([
      ['error', STATEMENT],
      ['info', SETTLED],
    ]);
  });

  it.each([
    [{ type: 'gone', reason: 'TaskTimedOut' } as const, 'TaskTimedOut'],
    [{ type: 'invalidOutput' } as const, 'invalidOutput'],
  ])('that nobody waits for it, and what Step Functions said: %j', async (delivery, answer) => {
    drain.deliver = () => Promise.resolve(delivery);

    const lines = await loggedOf(eventOf('FAILED'));

    expect(lines.slice(-2)).toEqual([
      ['info', { ...SETTLED, outcome: 'FAILED', delivered: false }],
      ['warn', { ...STATEMENT, answer }],
    ]);
  });
});

describe('of a refusal is logged', () => {
  const refusal = (taskToken = CANARIES.taskToken) =>
    encodeRefusedMessage({
      callback: { type: 'stepFunctions', taskToken },
      error: 'InvalidRequest',
      cause: 'no',
      time: '2026-11-26T08:00:00Z',
    });

  it('nothing where its task was told', async () => {
    expect(await loggedOf(refusal())).toEqual([]);
  });

  it.each([
    [{ type: 'gone', reason: 'TaskDoesNotExist' } as const, { error: 'InvalidRequest', answer: 'TaskDoesNotExist' }],
    [{ type: 'invalidOutput' } as const, { error: 'InvalidRequest' }],
  ])('that nobody waits for it: %j', async (delivery, fields) => {
    drain.deliver = () => Promise.resolve(delivery);

    expect(await loggedOf(refusal())).toStrictEqual([['warn', fields]]);
  });
});

describe('of an execution that ended is logged', () => {
  const ENDED = ['info', { executionArn: KEY.owner, status: 'ABORTED', deferrals: 0 }];

  const CANCELLED = ['info', { ...STATEMENT, cause: 'nobody waits' }];

  it('what was cancelled, and why', async () => {
    expect(await loggedOf(EXECUTION_ENDED)).toEqual([ENDED, CANCELLED]);
  });

  it('once, however many statements it has left', async () => {
    drain.table.seed({ ...ITEM, invocationKey: 'f'.repeat(32) });

    expect(await loggedOf(EXECUTION_ENDED)).toEqual([ENDED, CANCELLED, CANCELLED]);
  });

  it('what has no id past its deadline', async () => {
    const { statementId: _statementId, ...claim } = ITEM;

    expect(await loggedOf(EXECUTION_ENDED, { ...claim, status: 'starting', startDeadline: NOW - 1 })).toEqual([
      ENDED,
      ['warn', { statementName: STATEMENT_NAME }],
    ]);
  });

  it('what cannot be cancelled, and why', async () => {
    drain.cancel = () => Promise.reject(awsError('ValidationException', 400));

    expect(await loggedOf(EXECUTION_ENDED)).toEqual([
      ENDED,
      ['error', { ...STATEMENT, error: 'ValidationException', requestId: 'r1' }],
    ]);
  });
});

describe('of an item that keeps changing is logged', () => {
  it('how often it has', async () => {
    let generation = 1;
    drain.table.beforeClose = () => drain.table.seed({ ...ITEM, generation: ++generation });

    const lines = await loggedOf(eventOf('FINISHED'));

    expect(lines.at(-1)).toEqual([
      'error',
      {
        messageId: 'm1',
        ...STATEMENT,
        error: 'ItemKeepsChanging',
        reason: `the item of statement ${STATEMENT_ID} changed 3 times`,
      },
    ]);
  });
});

describe('of a message is logged', () => {
  it('why it is malformed', async () => {
    expect(await loggedOf('garbage')).toEqual([['error', { messageId: 'm1', reason: 'body: must be JSON' }]]);
  });

  it('not by which name others call their statement', () => {
    const others = eventOf('FINISHED', { statementName: 'other/secret' });

    expect(aboutMessage(recordOf(others), 'tasker-1a2b/')).toEqual({ statementId: STATEMENT_ID });
    expect(aboutMessage(recordOf('garbage'), 'tasker-1a2b/')).toEqual({});
  });

  it('why it will be received again', async () => {
    drain.deliver = () => Promise.reject(awsError('InternalFailure', 500));

    expect(await loggedOf(eventOf('FINISHED'))).toEqual([
      [
        'error',
        {
          messageId: 'm1',
          ...STATEMENT,
          error: 'InternalFailure',
          status: 500,
          requestId: 'r1',
          at: expect.stringMatching(/^at .*fixtures/) as string,
        },
      ],
    ]);
  });
});

describe('of an error is logged', () => {
  it('name and text where it is ours', () => {
    expect(errorEvidenceOf(new MalformedMessage('body', 'must be JSON'))).toEqual({
      error: 'MalformedMessage',
      reason: 'body: must be JSON',
    });
  });

  it('name and place where it is not: its text may quote a secret', () => {
    const error = new TypeError(CANARIES.errorText);

    expect(errorEvidenceOf(error)).toMatchObject({
      error: 'TypeError',
      at: expect.stringMatching(/^at \S.*log\.test/) as string,
    });
    expect(JSON.stringify(errorEvidenceOf(error))).not.toContain('canary');
  });

  it('no line of its text, whatever that looks like', () => {
    expect(errorEvidenceOf(new Error(`look at ${CANARIES.errorText}`))['at']).toMatch(/log\.test/);
  });

  it.each([
    ['no error'],
    [Object.assign(new Error('no'), { stack: 'Error: no' })],
    [Object.assign(new Error('no'), { stack: undefined })],
  ])('no place where it has none: %s', (thrown) => {
    expect(errorEvidenceOf(thrown)).toMatchObject({ error: 'Error', at: undefined });
  });
});
