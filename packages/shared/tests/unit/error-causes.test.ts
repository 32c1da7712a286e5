import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causeOf, errorNameByCause } from '../../src/error-causes.ts';
import { names } from '../../src/index.ts';
import { ERROR_ROWS, UNKNOWN_ERRORS } from '../helpers/error-rows.ts';

const { ERROR_CAUSES, ERROR_NAMES } = names;

describe('the cause of a failure', () => {
  it.each(ERROR_ROWS)('is %s: %s', (cause, text) => {
    expect(causeOf(text)).toBe(ERROR_CAUSES[cause]);
  });

  it('has a text for each', () => {
    expect([...new Set(ERROR_ROWS.map(([cause]) => cause))].sort()).toEqual(Object.keys(ERROR_CAUSES).sort());
  });

  it.each(UNKNOWN_ERRORS)('is not known: %j', (text) => {
    expect(causeOf(text)).toBeUndefined();
  });

  it.each([
    ['ERROR: 40P01: something new', ERROR_CAUSES.lockConflict],
    ['[42P01] ERROR: something new', ERROR_CAUSES.undefinedObject],
    ['ERROR: 22012: something new', ERROR_CAUSES.dataError],
    ['ERROR: 23502: something new', ERROR_CAUSES.dataError],
    ['ERROR: 23505: something new', ERROR_CAUSES.duplicateKey],
    ['ERROR: XX000: deadlock detected', ERROR_CAUSES.lockConflict],
  ])('is told by the SQLSTATE where a text begins with one: %s', (text, cause) => {
    expect(causeOf(text)).toBe(cause);
  });

  it('does not depend on letter case', () => {
    for (const [cause, text] of ERROR_ROWS) {
      const changed = text.replace(
        /^(ERROR: |FATAL: )?(.)/,
        (_, head = '', first: string) => head + first.toUpperCase(),
      );
      expect(causeOf(changed)).toBe(ERROR_CAUSES[cause]);
    }
  });

  it('is not changed by what values say that the details quote', () => {
    const quoted = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ERROR_ROWS.map(([, text]) => text)));
    fc.assert(
      fc.property(quoted, fc.constantFrom(...UNKNOWN_ERRORS), (value, text) => {
        const told = `${text || 'ERROR: x'}\n  Detail: Key (name)=(${value}) already exists.`;
        expect(causeOf(told)).toBeUndefined();
      }),
    );
  });

  it.each([
    ['relation "' + 'x'.repeat(100_000), 'relation "'],
    ['\n'.repeat(100_000), 'line feeds'],
    [' '.repeat(100_000), 'blanks'],
    [`ERROR: S3ServiceException:${',Status 40'.repeat(20_000)}`, 'S3'],
    [`ERROR: value ${'is out of '.repeat(20_000)}`, 'value'],
  ])('is looked for in a time that does not explode', (text) => {
    // A search that tries every pair of places would not end within the time limit of the test.
    for (let round = 0; round < 50; round += 1) expect(causeOf(text)).toBeUndefined();
  });
});

describe('the name by cause', () => {
  it.each(ERROR_ROWS.filter(([cause]) => cause !== 'wlmAbort'))(
    'of what ended ABORTED stays ABORTED: %s',
    (_, text) => {
      expect(errorNameByCause('ABORTED', text)).toBe('ABORTED');
    },
  );

  it('of what Redshift has aborted by a rule says so, in whatever state it ended', () => {
    const text = 'ERROR: Query (5) cancelled by WLM abort action of Query Monitoring Rule "r".';
    expect(errorNameByCause('FAILED', text)).toBe('WlmAbort');
    expect(errorNameByCause('ABORTED', text)).toBe('WlmAbort');
  });

  it('of what nobody knows is the state', () => {
    expect(errorNameByCause('FAILED', 'ERROR: something new')).toBe('FAILED');
    expect(errorNameByCause('ABORTED', '')).toBe('ABORTED');
  });

  it('is like no other name: of ours, of Step Functions, of the Data API, of a runtime', () => {
    const causes = Object.values(ERROR_CAUSES).map(({ name }) => name);
    // A session that is gone is the same to who starts in it as to what should have run in it.
    const ours = Object.values(ERROR_NAMES).filter((name) => name !== ERROR_NAMES.sessionGone);
    const others: readonly string[] = [...ours, 'SyntaxError', 'TimeoutError', 'AbortError'];
    expect(new Set(causes).size).toBe(causes.length);
    for (const name of causes) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(name).not.toMatch(/^States|Exception$|Fault$/);
      expect(others).not.toContain(name);
    }
  });
});
