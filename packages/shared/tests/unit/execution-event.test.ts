import { describe, expect, it } from 'vitest';
import { isExecutionEvent, MalformedMessage, names, parseExecutionEvent } from '../../src/index.ts';
import { CANARIES, EXECUTION, FORBIDDEN } from '../helpers/canaries.ts';
import { RECEIVED } from '../helpers/examples.ts';
import { failureIn, toldBy } from '../helpers/failure-of.ts';

const MESSAGE = {
  type: 'executionEnded',
  executionArn: EXECUTION,
  status: 'TIMED_OUT',
  redriveCount: 2,
  stopDate: 1_795_680_060_456,
};

describe('the message that an execution has ended', () => {
  it('is read', () => {
    expect(isExecutionEvent(MESSAGE)).toBe(true);
    expect(parseExecutionEvent(MESSAGE)).toEqual({
      executionArn: EXECUTION,
      status: 'TIMED_OUT',
      redriveCount: 2,
      stoppedAt: 1_795_680_060_456,
    });
  });

  it('has the fields that the rule lets through, and no others', () => {
    expect(Object.keys(MESSAGE)).toEqual(['type', ...names.EXECUTION_ENDED.detail]);
  });

  it.each([
    ['what EventBridge fills in where the event has no such field', { redriveCount: '', stopDate: '' }],
    ['null', { redriveCount: null, stopDate: null }],
    ['nothing', { redriveCount: undefined, stopDate: undefined }],
  ])('takes %s for a count and a time that are not known', (_what, fields) => {
    expect(parseExecutionEvent({ ...MESSAGE, ...fields })).toMatchObject({
      redriveCount: undefined,
      stoppedAt: undefined,
    });
  });

  it('may hold what a newer version has added, and a status that it did not know', () => {
    expect(parseExecutionEvent({ ...MESSAGE, status: 'EVAPORATED', more: 1 }).status).toBe('EVAPORATED');
  });

  it.each([[null], [undefined], ['executionEnded'], [[]], [RECEIVED], [{ type: 'refused' }]])(
    'is not %j',
    (message) => {
      expect(isExecutionEvent(message)).toBe(false);
    },
  );

  it.each([
    [{ executionArn: undefined }, 'execution.executionArn: must be a string; received nothing'],
    [{ executionArn: '' }, 'execution.executionArn: must not be empty; received ""'],
    [{ status: 7 }, 'execution.status: must be a string; received 7'],
  ])('with %j is malformed, and the error names the field', (fields, message) => {
    const error = failureIn(() => parseExecutionEvent({ ...MESSAGE, ...fields }));

    expect(error).toBeInstanceOf(MalformedMessage);
    expect(error.message).toBe(message);
  });

  it('tells no secret when it is malformed', () => {
    const told = [
      { ...MESSAGE, executionArn: { taskToken: CANARIES.taskToken } },
      { ...MESSAGE, status: [CANARIES.responseUrl] },
    ].map((message) => toldBy(failureIn(() => parseExecutionEvent(message))));

    expect(FORBIDDEN.filter((text) => told.join('\n').includes(text))).toEqual([]);
  });
});
