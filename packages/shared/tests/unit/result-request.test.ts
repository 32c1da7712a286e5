import { describe, expect, it } from 'vitest';
import { type ExecuteRequest, encodeTaskRequest, parseTaskRequest } from '../../src/index.ts';
import { execute } from '../helpers/request-rows.ts';

const parsed = (fields: object) =>
  parseTaskRequest(execute(fields as Record<string, unknown>)).request as ExecuteRequest;

describe('the field result', () => {
  it.each([
    [{ form: 'rows' }, { form: 'rows' }],
    [
      { form: 'rows', maxRows: 100_000_000 },
      { form: 'rows', maxRows: 100_000_000 },
    ],
    [{ form: 'row' }, { form: 'row' }],
    [
      { form: 'column', maxRows: 1 },
      { form: 'column', maxRows: 1 },
    ],
    [{ form: 'value' }, { form: 'value' }],
    // A bucket alone says what is wanted.
    [{ s3: { bucket: 'reports' } }, { form: 'rows', s3: { bucket: 'reports' } }],
    [
      { form: 'rows', s3: { bucket: 'my.reports-1', prefix: 'daily/2026..11/' }, maxRows: 5 },
      { form: 'rows', s3: { bucket: 'my.reports-1', prefix: 'daily/2026..11/' }, maxRows: 5 },
    ],
  ])('asks for rows: %j', (given, result) => {
    const request = parsed({ result: given });

    expect(request.result).toEqual(result);
    expect(parseTaskRequest(encodeTaskRequest(request)).request).toEqual(request);
  });

  it.each([{}, { form: 'none' }])('asks for nothing: %j', (result) => {
    expect(parsed({ result })).not.toHaveProperty('result');
  });
});

describe('the field check', () => {
  it.each([
    { type: 'noRows' },
    { type: 'someRows', sampleRows: 0 },
    { type: 'count', equals: 0 },
    { type: 'count', min: 1, max: 20, sampleRows: 20 },
    { type: 'value', equals: null },
    { type: 'value', equals: '' },
    { type: 'value', equals: false },
    { type: 'value', min: '2026-01-01', max: '2026-12-31' },
    { type: 'value', max: 0.5 },
    { type: 'value', min: 1, max: 1 },
  ])('says what is expected of rows: %j', (check) => {
    const request = parsed({ check });

    expect(request.check).toEqual(check);
    expect(parseTaskRequest(encodeTaskRequest(request)).request).toEqual(request);
  });
});
