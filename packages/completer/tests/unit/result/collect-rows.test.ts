import type { ResultForm, ResultRequest } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import type { ResultPage } from '../../../src/owner-results.ts';
import { collectRows } from '../../../src/result/collect-rows.ts';
import { pageOf } from '../../helpers/memory-results.ts';

const N = { n: 'int4' };
const NT = { n: 'int4', t: 'varchar' };
const n = (longValue: number) => ({ longValue });
const t = (stringValue: string) => ({ stringValue });

/** The pages, and how many of them were asked for. */
const pagesOf = (...given: ResultPage[]) => {
  const asked: number[] = [];
  async function* pages(): AsyncGenerator<ResultPage> {
    for (const [at, page] of given.entries()) {
      asked.push(at);
      yield await Promise.resolve(page);
    }
  }
  return { pages: pages(), asked };
};

const collected = (request: ResultRequest, ...pages: ResultPage[]) => collectRows(pagesOf(...pages).pages, request);

describe('the form of a result:', () => {
  it.each<[ResultForm, ResultPage, object]>([
    ['rows', pageOf(NT, [[n(1), t('a')]]), { rowCount: 1, rows: [{ n: 1, t: 'a' }] }],
    ['rows', pageOf(N, []), { rowCount: 0, rows: [] }],
    ['row', pageOf(NT, [[n(1), t('a')]]), { rowCount: 1, row: { n: 1, t: 'a' } }],
    ['row', pageOf(NT, []), { rowCount: 0, row: null }],
    ['column', pageOf(N, [[n(1)], [n(2)]]), { rowCount: 2, column: [1, 2] }],
    ['column', pageOf(N, []), { rowCount: 0, column: [] }],
    ['value', pageOf(N, [[n(7)]]), { rowCount: 1, value: 7 }],
    ['value', pageOf(N, [[{ isNull: true }]]), { rowCount: 1, value: null }],
    ['value', pageOf(N, []), { rowCount: 0, value: null }],
  ])('%s', async (form, page, result) => {
    expect(await collected({ form }, page)).toEqual({ columns: page.columns, ...result });
  });

  it('goes over pages; only the first need tell the columns', async () => {
    const first = pageOf(N, [[n(1)]], { totalRows: 2, nextToken: 'x' });
    const second = { ...pageOf({}, [[n(2)]]), totalRows: 2 };

    expect(await collected({ form: 'rows', maxRows: 2 }, first, second)).toEqual({
      columns: first.columns,
      rowCount: 2,
      rows: [{ n: 1 }, { n: 2 }],
    });
  });

  it('keeps labels that are names of JavaScript’s own', async () => {
    const result = await collected(
      { form: 'row' },
      pageOf({ ['__proto__']: 'int4', constructor: 'int4' }, [[n(1), n(2)]]),
    );

    expect(JSON.stringify(result)).toContain('"constructor":2');
  });
});

describe('a result that is not of the form', () => {
  const twoRows = pageOf(N, [[n(1)], [n(2)]]);
  const twoColumns = pageOf(NT, [[n(1), t('a')]]);
  const twice = { ...twoColumns, columns: [...pageOf(N, []).columns, ...pageOf(N, []).columns] };

  it.each<[ResultForm, ResultPage, string]>([
    ['row', twoRows, 'gave 2 rows; the form row is for one.'],
    ['value', twoRows, 'gave 2 rows; the form value is for one.'],
    ['column', twoColumns, 'has 2 columns; the form column is for one.'],
    ['value', twoColumns, 'has 2 columns; the form value is for one.'],
    ['rows', twice, 'more than one of its columns is labelled "n"; give each an alias of its own.'],
    ['row', twice, 'more than one of its columns is labelled "n"; give each an alias of its own.'],
  ])('%s fails, and says why', async (form, page, says) => {
    await expect(collected({ form }, page)).rejects.toMatchObject({
      error: 'ResultMismatch',
      message: `The statement finished, but ${says}`,
    });
  });

  it.each<ResultForm>(['rows', 'column'])('has more %s than were asked for: no second page is read', async (form) => {
    const { pages, asked } = pagesOf(pageOf(N, [[n(1)]], { totalRows: 3, nextToken: 'x' }), twoRows);

    await expect(collectRows(pages, { form, maxRows: 2 })).rejects.toMatchObject({
      error: 'TooManyRows',
      message: 'The statement finished, but gave 3 rows; maxRows is 2.',
    });
    expect(asked).toEqual([0]);
  });

  it('is more than a state holds: reading ends there', async () => {
    const large = pageOf({ t: 'varchar' }, Array(3).fill([t('é'.repeat(50_000))]), { totalRows: 99, nextToken: 'x' });
    const { pages, asked } = pagesOf(large, large, large);

    await expect(collectRows(pages, { form: 'rows' })).rejects.toMatchObject({
      error: 'OutputTooLarge',
      message: expect.stringMatching(/of its 99 rows no more than 2 fit into the 262144 bytes/),
    });
    expect(asked).toEqual([0]);
  });

  it('fits to the last byte', async () => {
    const fits = (length: number) => collected({ form: 'column' }, pageOf({ t: 'varchar' }, [[t('x'.repeat(length))]]));

    await expect(fits(262_144 - 3)).resolves.toMatchObject({ rowCount: 1 });
    await expect(fits(262_144 - 2)).rejects.toMatchObject({ error: 'OutputTooLarge' });
  });
});
