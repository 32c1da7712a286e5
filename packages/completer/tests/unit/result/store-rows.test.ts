import type { ResultRequest } from '@sfn-redshift/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultPage } from '../../../src/owner-results.ts';
import { NotStored } from '../../../src/result/result-failure.ts';
import { s3Store } from '../../../src/result/s3-store.ts';
import { keyFor, storeRows } from '../../../src/result/store-rows.ts';
import { STATEMENT_ID } from '../../helpers/fixtures.ts';
import { pageOf } from '../../helpers/memory-results.ts';
import { type S3Server, startS3Server } from '../../helpers/s3-server.ts';

const IN_S3 = { form: 'rows', s3: { bucket: 'reports', prefix: 'daily' } } as const;
const PATH = `/reports/daily/${STATEMENT_ID}.jsonl`;
const MEGABYTE = 1024 * 1024;

let s3: S3Server;

beforeEach(async () => {
  s3 = await startS3Server();
});

afterEach(() => s3.close());

const page = (...texts: string[]): ResultPage =>
  pageOf(
    { t: 'varchar' },
    texts.map((stringValue) => [{ stringValue }]),
    { totalRows: 40 },
  );

async function* pagesOf(...given: (ResultPage | Error)[]): AsyncGenerator<ResultPage> {
  for (const one of given) {
    if (one instanceof Error) throw one;
    yield await Promise.resolve(one);
  }
}

const store = (pages: AsyncIterable<ResultPage>, request: ResultRequest & { s3: { bucket: string } } = IN_S3) =>
  storeRows(STATEMENT_ID, pages, request, s3Store(s3.client));

describe('rows in S3', () => {
  it('are lines of JSON, in one call where they are few', async () => {
    const told = await store(pagesOf(page('é', 'b\n'), page('c')));

    const text = '{"t":"é"}\n{"t":"b\\n"}\n{"t":"c"}\n';
    expect(s3.objects).toEqual({ [PATH]: text });
    expect(s3.calls).toEqual(['PUT']);
    expect(s3.contentTypes).toEqual(['application/x-ndjson']);
    expect(told).toEqual({
      columns: [{ name: 't', type: 'varchar' }],
      rowCount: 40,
      s3: {
        bucket: 'reports',
        key: PATH.slice('/reports/'.length),
        uri: `s3:/${PATH}`,
        bytes: Buffer.byteLength(text),
      },
    });
  });

  it('may be none', async () => {
    const told = await store(pagesOf({ ...page(), totalRows: 0 }));

    expect(s3.objects).toEqual({ [PATH]: '' });
    expect(told).toMatchObject({ rowCount: 0, s3: { bytes: 0 } });
  });

  it('are sent in parts where they are many, and are the same when they are sent again', async () => {
    const pages = () => pagesOf(...Array.from('abc', (letter) => page(letter.repeat(7 * MEGABYTE))));
    const first = await store(pages());
    const { [PATH]: text = '' } = s3.objects;
    expect(s3.calls.toSorted()).toEqual(['POST complete', 'POST uploads', 'PUT part', 'PUT part', 'PUT part']);
    expect(text.length).toBe(21 * MEGABYTE + 3 * '{"t":""}\n'.length);

    expect(await store(pages())).toEqual(first);

    expect(s3.objects[PATH] === text).toBe(true);
  });

  it('are taken back where reading fails on the way', async () => {
    const failure = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const large = page('x'.repeat(9 * MEGABYTE));

    await expect(store(pagesOf(large, large, failure))).rejects.toBe(failure);

    expect(s3.calls).toContain('DELETE upload');
    expect(s3.calls).not.toContain('POST complete');
    expect(s3.objects).toEqual({});
  });

  it.each([
    ['PUT', [page('x')]],
    ['PUT part', Array<ResultPage>(3).fill(page('x'.repeat(7 * MEGABYTE)))],
  ] as const)('that S3 refuses (%s) are told as not stored', async (call, pages) => {
    s3.fail = (made) => (made === call ? { status: 403, code: 'AccessDenied' } : undefined);

    const failure: unknown = await store(pagesOf(...pages)).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(NotStored);
    expect(failure).toMatchObject({ failure: { kind: 'refused', name: 'AccessDenied', message: 'because' } });
    if (call === 'PUT part') expect(s3.calls).toContain('DELETE upload');
    expect(s3.objects).toEqual({});
  });

  it.each([
    [{ ...IN_S3, maxRows: 39 }, page('x'), 'TooManyRows'],
    [IN_S3, { ...page('x'), columns: [...page().columns, ...page().columns] }, 'ResultMismatch'],
  ])('that are not what was asked for are not written', async (request, given, error) => {
    await expect(store(pagesOf(given), request)).rejects.toMatchObject({ error });
    expect(s3.objects).toEqual({});
  });

  it.each([
    [undefined, 'x.jsonl'],
    ['', 'x.jsonl'],
    ['daily', 'daily/x.jsonl'],
    ['daily/', 'daily/x.jsonl'],
  ])('under the prefix %j are at %s', (prefix, key) => {
    expect(keyFor({ bucket: 'b', prefix }, 'x')).toBe(key);
    expect(keyFor({ bucket: 'b', prefix }, 'x:2')).toBe(key.replace('x', 'x-2'));
  });
});
