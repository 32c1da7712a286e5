import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRefusedMessage, isRefusedMessage, MalformedMessage, parseRefusedMessage } from '../../src/index.ts';
import { callback } from '../helpers/arbitraries.ts';
import { CANARIES, FORBIDDEN } from '../helpers/canaries.ts';
import { RECEIVED } from '../helpers/examples.ts';
import { failureIn, toldBy } from '../helpers/failure-of.ts';

const MESSAGE = {
  callback: { type: 'stepFunctions', taskToken: CANARIES.taskToken },
  error: 'InvalidRequest',
  cause: 'sqlStatement: must not be empty',
  time: '2026-11-26T08:00:00Z',
} as const;
const ENCODED = encodeRefusedMessage(MESSAGE);

describe('a refused message', () => {
  it('is read as it was written, after a way through JSON', () => {
    const text = fc.string();
    const message = fc.record({ callback, error: fc.string({ minLength: 1 }), cause: text, time: text });
    fc.assert(
      fc.property(message, (refused) => {
        const received: unknown = JSON.parse(JSON.stringify(encodeRefusedMessage(refused)));

        expect(isRefusedMessage(received)).toBe(true);
        expect(parseRefusedMessage(received)).toEqual(refused);
      }),
    );
  });

  it('may hold what a newer version has added', () => {
    expect(parseRefusedMessage({ ...ENCODED, contractVersion: 2, more: 1 })).toEqual(MESSAGE);
  });

  it.each([[null], [undefined], ['refused'], [[]], [RECEIVED], [{ type: 'Refused' }]])('is not %j', (message) => {
    expect(isRefusedMessage(message)).toBe(false);
  });

  it.each([
    ['callback', 'refused.callback: must be an object; received nothing'],
    ['error', 'refused.error: must be a string; received nothing'],
    ['cause', 'refused.cause: must be a string; received nothing'],
    ['time', 'refused.time: must be a string; received nothing'],
    ['contractVersion', 'refused.contractVersion: must be a number; received nothing'],
  ])('without %s is malformed, and the error names it', (name, message) => {
    const error = failureIn(() => parseRefusedMessage({ ...ENCODED, [name]: undefined }));

    expect(error).toBeInstanceOf(MalformedMessage);
    expect(error.message).toBe(message);
  });

  it('tells no secret when it is malformed', () => {
    const secret = { taskToken: CANARIES.taskToken, responseUrl: CANARIES.responseUrl };
    const malformed = [
      { ...ENCODED, callback: secret },
      { ...ENCODED, callback: CANARIES.taskToken },
      { ...ENCODED, callback: { type: 'stepFunctions', taskToken: [CANARIES.taskToken] } },
      { ...ENCODED, callback: { ...secret, type: 'cloudFormation' } },
      { ...ENCODED, error: secret },
      { ...ENCODED, cause: [CANARIES.taskToken] },
      { ...ENCODED, contractVersion: CANARIES.taskToken },
    ];

    const told = malformed.map((message) => toldBy(failureIn(() => parseRefusedMessage(message)))).join('\n');

    expect(FORBIDDEN.filter((text) => told.includes(text))).toEqual([]);
  });
});
