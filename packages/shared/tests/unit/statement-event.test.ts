import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  END_STATES,
  encodeStatementEvent,
  isEndState,
  MalformedMessage,
  parseStatementEvent,
} from '../../src/index.ts';
import { CANARIES, FORBIDDEN } from '../helpers/canaries.ts';
import { EVENT, RECEIVED } from '../helpers/examples.ts';
import { failureIn, toldBy } from '../helpers/failure-of.ts';

/** Deeper than a stack takes. */
const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);

describe('a completion event', () => {
  it('is read as the few fields that matter, and kept whole', () => {
    expect(parseStatementEvent(RECEIVED)).toEqual(EVENT);
  });

  it('is written as it came, whatever else it holds', () => {
    // That name is dropped: as a key it would be no field but the object's prototype.
    const name = fc.string().filter((text) => text !== '__proto__');
    const fields = fc.dictionary(name, fc.jsonValue());
    fc.assert(
      fc.property(fields, fields, (envelope, detail) => {
        const received = { ...envelope, ...RECEIVED, detail: { ...detail, ...RECEIVED.detail } };

        expect(encodeStatementEvent(parseStatementEvent(received))).toEqual(received);
      }),
    );
  });

  it('counts nothing where Redshift counts nothing', () => {
    const { rows: _rows, redshiftQueryId: _query, ...detail } = RECEIVED.detail;

    expect(parseStatementEvent({ ...RECEIVED, detail })).toMatchObject({ rows: -1, redshiftQueryId: -1 });
  });

  it.each([null, '3', {}, [3]])('loses no task for a count that is none: %j', (count) => {
    const detail = { ...RECEIVED.detail, rows: count, redshiftQueryId: count };

    expect(parseStatementEvent({ ...RECEIVED, detail })).toMatchObject({ rows: -1, redshiftQueryId: -1 });
  });

  it('of the sweep has the same guaranteed fields as one that came', () => {
    const { received: _received, ...known } = EVENT;

    expect(encodeStatementEvent({ ...known, received: {} })).toEqual({
      source: 'aws.redshift-data',
      'detail-type': 'Redshift Data Statement Status Change',
      time: EVENT.time,
      detail: {
        statementId: EVENT.statementId,
        statementName: EVENT.statementName,
        state: 'FINISHED',
        rows: 3,
        redshiftQueryId: 42,
      },
    });
  });

  it.each([
    [null, 'event: must be an object; received null'],
    [{ ...RECEIVED, more: deep }, 'event: must be nested no deeper than 100 levels'],
    [{ ...RECEIVED, source: 'aws.ec2' }, 'event.source: must be "aws.redshift-data"; received "aws.ec2"'],
    [{ ...RECEIVED, time: 1 }, 'event.time: must be a string; received 1'],
    [{ ...RECEIVED, detail: 'x' }, 'event.detail: must be an object; received "x"'],
    [
      { ...RECEIVED, detail: { ...RECEIVED.detail, statementId: '' } },
      'event.detail.statementId: must not be empty; received ""',
    ],
    [
      { ...RECEIVED, detail: { ...RECEIVED.detail, statementName: undefined } },
      'event.detail.statementName: must be a string; received nothing',
    ],
    [
      { ...RECEIVED, detail: { ...RECEIVED.detail, state: null } },
      'event.detail.state: must be a string; received null',
    ],
  ])('that is malformed names the field at fault: %#', (message, expected) => {
    const error = failureIn(() => parseStatementEvent(message));

    expect(error).toBeInstanceOf(MalformedMessage);
    expect(error).toMatchObject({ retryable: false });
    expect(error.message).toBe(expected);
  });

  it('that is malformed tells no secret', () => {
    const secrets = { taskToken: CANARIES.taskToken, url: CANARIES.responseUrl };
    const malformed = [
      secrets,
      { ...RECEIVED, source: secrets },
      { ...RECEIVED, source: CANARIES.taskToken },
      { ...RECEIVED, detail: { ...RECEIVED.detail, statementId: secrets } },
      { ...RECEIVED, detail: { ...RECEIVED.detail, state: [CANARIES.taskToken] } },
      { ...RECEIVED, time: [CANARIES.taskToken] },
    ];

    const told = malformed.map((message) => toldBy(failureIn(() => parseStatementEvent(message)))).join('\n');

    expect(FORBIDDEN.filter((secret) => told.includes(secret))).toEqual([]);
  });
});

describe('an end state', () => {
  it.each(END_STATES)('is %s', (state) => {
    expect(isEndState(state)).toBe(true);
  });

  it.each(['SUBMITTED', 'PICKED', 'STARTED', 'ALL', 'finished', ''])('is not "%s"', (state) => {
    expect(isEndState(state)).toBe(false);
  });
});
