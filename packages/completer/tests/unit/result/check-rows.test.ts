import type { DataCheck } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import type { ResultPage } from '../../../src/owner-results.ts';
import { checkRows } from '../../../src/result/check-rows.ts';
import { compareValues } from '../../../src/result/compare-values.ts';
import type { Field } from '../../../src/result/sql-value.ts';
import { ITEM, STATEMENT_ID } from '../../helpers/fixtures.ts';
import { MemoryResults, pageOf } from '../../helpers/memory-results.ts';

const n = (longValue: number): Field => ({ longValue });
const rows = (count: number): ResultPage =>
  pageOf(
    { n: 'int4' },
    Array.from({ length: count }, (_, at) => [n(at)]),
  );
const value = (field: Field, type: string): ResultPage => pageOf({ v: type }, [[field]]);

const check = async (expected: DataCheck, page: ResultPage) => {
  const results = new MemoryResults();
  results.give = () => Promise.resolve(page);
  const found = await checkRows({ owner: ITEM, statementId: STATEMENT_ID }, expected, results);
  expect(results.asked.length).toBe(1);
  return found;
};

describe('a check', () => {
  it.each<[DataCheck, ResultPage, object]>([
    [{ type: 'noRows' }, rows(0), { rowCount: 0 }],
    [{ type: 'someRows' }, rows(1), { rowCount: 1 }],
    [{ type: 'count', equals: 0 }, rows(0), { rowCount: 0 }],
    [{ type: 'count', min: 2, max: 2 }, rows(2), { rowCount: 2 }],
    // A page need not hold all of them.
    [
      { type: 'count', equals: 1_000_000 },
      { ...rows(3), totalRows: 1_000_000, nextToken: 'x' },
      { rowCount: 1_000_000 },
    ],
    [{ type: 'value', equals: 7 }, value(n(7), 'int4'), { rowCount: 1, value: 7 }],
    [{ type: 'value', equals: null }, value({ isNull: true }, 'int4'), { rowCount: 1, value: null }],
    [{ type: 'value', max: 0.01 }, value({ stringValue: '0.0100' }, 'numeric'), { rowCount: 1, value: '0.0100' }],
  ])('holds: %j', async (expected, page, found) => {
    expect(await check(expected, page)).toEqual({ type: expected.type, ...found });
  });

  it.each<[DataCheck, ResultPage, string]>([
    [{ type: 'noRows' }, rows(2), 'the statement gave 2 rows, not 0'],
    [{ type: 'someRows' }, rows(0), 'the statement gave 0 rows, not at least 1'],
    [{ type: 'count', equals: 5 }, rows(1), 'the statement gave 1 row, not 5'],
    [{ type: 'count', min: 5 }, rows(4), 'the statement gave 4 rows, not at least 5'],
    [{ type: 'count', min: 0, max: 3 }, rows(4), 'the statement gave 4 rows, not at most 3'],
    [{ type: 'value', equals: 'ok' }, value({ stringValue: 'bad' }, 'varchar'), 'the value is "bad", not "ok"'],
    [{ type: 'value', min: 1 }, value({ isNull: true }, 'int4'), 'the value is null, not at least 1'],
    [{ type: 'value', min: 1 }, value({ stringValue: '5' }, 'varchar'), 'the value is "5", not at least 1'],
    [{ type: 'value', max: 1 }, value({ doubleValue: Number.NaN }, 'float8'), 'the value is "NaN", not at most 1'],
  ])('fails: %j', async (expected, page, found) => {
    await expect(check(expected, page)).rejects.toMatchObject({
      error: 'DataCheckFailed',
      message: `The ${expected.type} check failed: ${found}.`,
      details: { check: { ...expected, rowCount: page.totalRows } },
    });
  });

  it('that fails tells the value that it found, shortened, and whose it is', async () => {
    const results = new MemoryResults();
    results.give = () => Promise.resolve(value({ stringValue: 'x'.repeat(300) }, 'varchar'));
    const source = { owner: ITEM, statementId: STATEMENT_ID, stateName: 'Is "ok"' };

    await expect(checkRows(source, { type: 'value', equals: 'ok', sampleRows: 0 }, results)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^The value check of the state "Is \\"ok\\"" failed: the value is "x+…, not "ok"\.$/,
      ),
      details: {
        check: { type: 'value', equals: 'ok', sampleRows: 0, rowCount: 1, value: `${'x'.repeat(200)}…` },
        sample: [],
      },
    });
  });

  it.each([
    [rows(0), '0 rows of 1 columns'],
    [rows(2), '2 rows of 1 columns'],
    [pageOf({ a: 'int4', b: 'int4' }, [[n(1), n(2)]]), '1 row of 2 columns'],
  ])('of a value is for one row of one column', async (page, found) => {
    await expect(check({ type: 'value', equals: 1 }, page)).rejects.toMatchObject({
      error: 'ResultMismatch',
      message: `The statement finished, but gave ${found}; a check of a value is for one row of one column.`,
    });
  });
});

describe('the sample of a check that failed', () => {
  const sampleOf = async (page: ResultPage, sampleRows?: number): Promise<unknown[]> => {
    const failure: unknown = await check({ type: 'noRows', sampleRows }, page).catch((error: unknown) => error);
    return (failure as { details: { sample: unknown[] } }).details.sample;
  };

  it.each([
    [undefined, 5],
    [0, 0],
    [20, 20],
  ])('has %s rows', async (sampleRows, length) => {
    expect(await sampleOf(rows(30), sampleRows)).toEqual(Array.from({ length }, (_, at) => ({ n: at })));
  });

  it('is short: of long texts the beginning, and not more than 4 KB', async () => {
    const wide = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`c${at}`, 'varchar']));
    const long = { stringValue: 'x'.repeat(60_000) };

    const [first, ...others] = await sampleOf(pageOf(wide, Array(9).fill(Array(10).fill(long))), 9);

    expect((first as { c0: string }).c0).toBe(`${'x'.repeat(200)}…`);
    expect(others.length).toBe(0);
    expect(await sampleOf(pageOf({ s: 'super' }, [[{ stringValue: `["${'y'.repeat(300)}"]` }]]))).toEqual([
      { s: `["${'y'.repeat(198)}…` },
    ]);
  });
});

describe('a value is compared with another', () => {
  it.each<[string, unknown, unknown, number | undefined]>([
    ['numeric', '12.50', 12.5, 0],
    ['numeric', '12.50', '12.5', 0],
    ['numeric', '-0.01', 0, -1],
    ['numeric', '0.00', '-0', 0],
    ['numeric', '99999999999999999999.01', '99999999999999999999.02', -1],
    ['numeric', '-2', '-10', 1],
    ['int8', '9007199254740993', 9_007_199_254_740_992, 1],
    ['int8', 10, 9, 1],
    ['float8', 1e300, '1e300', 0],
    ['float8', 'NaN', 'NaN', 0],
    ['float8', 'Infinity', 1, undefined],
    ['int4', 1, true, undefined],
    ['bool', true, true, 0],
    ['bool', true, false, undefined],
    ['varchar', 'b', 'a', 1],
    ['varchar', '5', 5, undefined],
    ['date', '2026-11-26', '2026-11-25', 1],
    ['timestamp', '2026-11-26T10:00:00', '2026-11-26 10:00:00.000', 0],
    ['timestamptz', '2026-11-26T10:00:00Z', '2026-11-26T11:00:00+01:00', 0],
    ['timestamptz', '2026-11-26T10:00:00Z', '2026-11-26 10:00:00.1+00', -1],
    ['super', { a: 1 }, 'x', undefined],
    ['super', 5, 5, 0],
    ['int4', null, null, 0],
    ['int4', 1, null, undefined],
  ])('%s: %j and %j', (type, one, other, order) => {
    const found = compareValues(one as never, type, other as never);

    expect(found === undefined ? undefined : Math.sign(found)).toBe(order);
  });
});
