import { describe, expect, it } from 'vitest';
import { isFailedInvocation, parseFailedInvocation } from '../../src/failed-invocation.ts';
import { parseResourceEvent, refusalCallbackOf } from '../../src/resource-event.ts';
import { encodeUnneededMessage, isUnneededMessage, parseUnneededMessage } from '../../src/unneeded-message.ts';
import { failureIn } from '../helpers/failure-of.ts';
import { resourceEvent } from '../helpers/resource-events.ts';

describe('a message that nothing is to be run', () => {
  const callback = refusalCallbackOf(parseResourceEvent(resourceEvent('Delete')));

  it('is read as it was written', () => {
    const message = JSON.parse(JSON.stringify(encodeUnneededMessage(callback))) as unknown;
    expect(isUnneededMessage(message)).toBe(true);
    expect(parseUnneededMessage(message)).toEqual(callback);
  });

  it("is CloudFormation's alone", () => {
    const message = { ...encodeUnneededMessage(callback), callback: { type: 'none' } };
    expect(String(failureIn(() => parseUnneededMessage(message)))).toContain(
      'must be "cloudFormation"; received "none"',
    );
    expect(isUnneededMessage({ type: 'refused' })).toBe(false);
    expect(isUnneededMessage(null)).toBe(false);
  });
});

/** As Lambda sends it to a destination. */
const RECORD = {
  version: '1.0',
  timestamp: '2026-11-26T08:03:00Z',
  requestContext: { requestId: 'l-1', functionArn: 'f', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
  requestPayload: { sqlStatement: 'select 1' },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: 'ThrottlingException', errorMessage: 'Rate exceeded', trace: [] },
};

describe('what Lambda tells of an invocation that it has given up', () => {
  it('is read', () => {
    expect(isFailedInvocation(RECORD)).toBe(true);
    expect(parseFailedInvocation(RECORD)).toEqual({
      condition: 'RetriesExhausted',
      payload: RECORD.requestPayload,
      error: 'ThrottlingException',
      cause: 'Rate exceeded',
    });
  });

  it.each([{ responsePayload: undefined }, { responsePayload: null }, { responsePayload: { errorType: 7 } }])(
    'may tell no error: %j',
    (changes) => {
      expect(parseFailedInvocation({ ...RECORD, ...changes })).toMatchObject({
        error: 'RetriesExhausted',
        cause: 'the invoker could not be reached',
      });
    },
  );

  it.each([{}, null, 'x', { requestContext: {} }, { requestPayload: {} }])('is not %j', (message) => {
    expect(isFailedInvocation(message)).toBe(false);
  });
});
