import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf, otherFailureOf, plainFailure, successOf, type TaskResult } from '../../src/index.ts';
import { anyText } from '../helpers/arbitraries.ts';
import { CANARIES, SQL_WITH_CREDENTIAL, STATEMENT_ID } from '../helpers/canaries.ts';
import { EVENT, RECEIVED, STATEMENT_NAME } from '../helpers/examples.ts';

const EVIDENCE = {
  state: 'FAILED',
  statementId: STATEMENT_ID,
  statementName: STATEMENT_NAME,
  shortSql: 'select 1',
  time: '2026-11-26T08:00:41Z',
  thread: { executionName: 'nightly', stateName: 'Load', invocationKey: '5f2b' },
} as const;

const failure = (result: TaskResult) => {
  if (result.type !== 'failure') throw new Error('it is a success');
  return result;
};

const causeOf = (result: TaskResult): Record<string, unknown> =>
  JSON.parse(failure(result).cause) as Record<string, unknown>;

describe('a success', () => {
  it('is the event, envelope included, and what leads to its traces elsewhere', () => {
    const thread = { ...EVIDENCE.thread, queryId: EVENT.redshiftQueryId };

    expect(successOf(EVENT, EVIDENCE.thread)).toEqual({ type: 'success', output: { ...RECEIVED, thread } });
  });

  it.each([0, -1])('names no query where Redshift has none: %d', (redshiftQueryId) => {
    const result = successOf({ ...EVENT, redshiftQueryId }, EVIDENCE.thread);

    expect(result).toMatchObject({ output: { detail: { redshiftQueryId } } });
    expect(result.type === 'success' && result.output['thread']).toEqual(EVIDENCE.thread);
  });
});

describe('a failure', () => {
  it.each(['FAILED', 'ABORTED'] as const)('has the state %s as its error, and the evidence as JSON cause', (state) => {
    const result = failureOf({ ...EVIDENCE, state, errorText: 'ERROR: no such table' });

    expect(failure(result).error).toBe(state);
    expect(causeOf(result)).toEqual({
      message: 'ERROR: no such table',
      statementId: STATEMENT_ID,
      statementName: STATEMENT_NAME,
      state,
      sqlStatement: 'select 1',
      time: EVIDENCE.time,
      thread: EVIDENCE.thread,
    });
  });

  it('tells the session that the statement ran in, where there is one', () => {
    expect(causeOf(failureOf({ ...EVIDENCE, sessionId: 'one' }))).toMatchObject({ sessionId: 'one' });
  });

  it.each([
    ['FAILED', "The statement ended FAILED; Redshift's error text could not be read."],
    ['ABORTED', 'The statement was stopped before it finished; Redshift gave no reason.'],
  ] as const)('that ended %s says so where Redshift says nothing', (state, message) => {
    expect(causeOf(failureOf({ ...EVIDENCE, state }))['message']).toBe(message);
    expect(causeOf(failureOf({ ...EVIDENCE, state, errorText: '' }))['message']).toBe(message);
  });

  it("tells no credential that Redshift's text quotes", () => {
    const result = failureOf({ ...EVIDENCE, errorText: `ERROR: syntax error in ${SQL_WITH_CREDENTIAL}` });

    expect(failure(result).cause).not.toContain(CANARIES.credential);
    expect(causeOf(result)['message']).toMatch(/^ERROR: syntax error in alter user/);
  });

  it('stays JSON within 32,768 characters, whatever the text', () => {
    const long = fc.tuple(anyText({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 8_000 }));
    fc.assert(
      fc.property(long, ([text, times]) => {
        const result = failureOf({ ...EVIDENCE, errorText: text.repeat(times) });

        expect(failure(result).cause.length).toBeLessThanOrEqual(32_768);
        expect(causeOf(result)['statementId']).toBe(STATEMENT_ID);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps as much of a long text as fits', () => {
    const result = failureOf({ ...EVIDENCE, errorText: 'x'.repeat(100_000) });

    expect(failure(result).cause).toHaveLength(32_768);
    expect(causeOf(result)['message']).toMatch(/^x+…$/);
  });

  it('is not cut where it just fits', () => {
    const room = 32_768 - failure(failureOf({ ...EVIDENCE, errorText: 'x' })).cause.length + 1;
    const fits = 'x'.repeat(room);

    expect(causeOf(failureOf({ ...EVIDENCE, errorText: fits }))['message']).toBe(fits);
    expect(causeOf(failureOf({ ...EVIDENCE, errorText: `${fits}x` }))['message']).toBe(`${fits.slice(1)}…`);
  });

  it('of another kind has its own error, and the same cause', () => {
    const result = otherFailureOf({ ...EVIDENCE, state: 'FINISHED' }, 'OutputTooLarge', 'too large');

    expect(failure(result).error).toBe('OutputTooLarge');
    expect(causeOf(result)).toMatchObject({ message: 'too large', state: 'FINISHED', statementId: STATEMENT_ID });
  });
});

describe('a plain failure', () => {
  it('is what was given', () => {
    expect(plainFailure('InvalidRequest', 'no')).toEqual({ type: 'failure', error: 'InvalidRequest', cause: 'no' });
  });

  it('is cut to 256 and 32,768 characters, and stays well-formed', () => {
    const cut = failure(plainFailure(`${'E'.repeat(255)}😀`, `${'c'.repeat(32_767)}😀`));

    expect(cut.error).toBe(`${'E'.repeat(255)}\ufffd`);
    expect(cut.cause).toBe(`${'c'.repeat(32_767)}\ufffd`);
  });
});
