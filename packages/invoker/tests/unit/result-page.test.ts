import { describe, expect, it } from 'vitest';
import { fittingRows, pageStartOf } from '../../src/result-page.ts';

const LIMIT = 1_000;
const row = (n: number, length = 40) => [{ longValue: n }, { stringValue: 'é'.repeat(length) }];
const pageOf = (count: number, more: { readonly NextToken?: string } = {}) => ({
  Records: Array.from({ length: count }, (_, n) => row(n)),
  ColumnMetadata: [{ name: 'n' }, { name: 'text' }],
  TotalNumRows: 1_234,
  ...more,
});

/** All rows of a page of the Data API, as a caller reads them, and what leads on. */
const readAll = (page: ReturnType<typeof pageOf>, token?: string) => {
  const answers: Record<string, unknown>[] = [];
  let nextToken: string | undefined = token;
  do {
    const start = pageStartOf(nextToken);
    expect(start.token).toBe(token);
    const answer = fittingRows(page, start, LIMIT);
    answers.push(answer);
    nextToken = answer['NextToken'] as string | undefined;
  } while (nextToken !== undefined && nextToken !== page.NextToken);
  return { answers, nextToken, rows: answers.flatMap(({ Records }) => Records as unknown[]) };
};

describe('fittingRows', () => {
  it('gives a page that fits as it is', () => {
    const page = pageOf(3, { NextToken: 'of AWS' });

    expect(fittingRows(page, pageStartOf(undefined), LIMIT)).toEqual(page);
  });

  it('gives a page without rows as it is, however large', () => {
    const page = { ...pageOf(0), ColumnMetadata: [{ name: 'n'.repeat(LIMIT) }] };

    expect(fittingRows(page, pageStartOf(undefined), LIMIT)).toEqual(page);
  });

  it.each([
    ['the first page', undefined],
    ['a later page', 'AWS/token:7'],
  ])('leads through all rows of %s, and then to what the Data API names next', (_what, token) => {
    const page = pageOf(100, { NextToken: 'the next of AWS' });

    const { answers, rows, nextToken } = readAll(page, token);

    expect(rows).toEqual(page.Records);
    expect(nextToken).toBe('the next of AWS');
    expect(answers.length).toBeGreaterThan(10);
    for (const answer of answers) {
      expect(answer).toMatchObject({ ColumnMetadata: page.ColumnMetadata, TotalNumRows: 1_234 });
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(LIMIT);
    }
  });

  it('ends without a NextToken after the last row of the last page', () => {
    const { rows, nextToken } = readAll(pageOf(30));

    expect(rows).toHaveLength(30);
    expect(nextToken).toBeUndefined();
  });

  it('fills the answer: with one more row it would not fit', () => {
    const page = pageOf(100);
    const { Records, NextToken } = fittingRows(page, pageStartOf(undefined), LIMIT);
    const one = { ...page, NextToken, Records: page.Records.slice(0, (Records as unknown[]).length + 1) };

    expect(Buffer.byteLength(JSON.stringify(one))).toBeGreaterThan(LIMIT);
  });

  it('refuses a row that does not fit, naming it, and what comes before it is read', () => {
    const page = { ...pageOf(0), Records: [row(0), row(1, 600), row(2)] };

    const first = fittingRows(page, pageStartOf(undefined), LIMIT);

    expect(first['Records']).toEqual([row(0)]);
    expect(() => fittingRows(page, pageStartOf(first['NextToken'] as string), LIMIT)).toThrow(
      expect.objectContaining({
        name: 'ResponseTooLarge',
        retryable: false,
        message: expect.stringMatching(/^row 1 of this page of the result has 1\d\d\d bytes/),
      }),
    );
  });

  it('refuses a token of ours that no row of the page answers to', () => {
    expect(() => fittingRows(pageOf(3), pageStartOf('sfn-redshift-row:3:'), LIMIT)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest', message: expect.stringContaining('nextToken') }),
    );
  });
});
