import { execute, inner, type Row, refer, row, without, wrongTypes } from './request-rows.ts';

const BUCKET = 'must be the name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots';
const PREFIX = 'must not begin with a slash, nor have . or .. between slashes';
const ROWS = 'must be a whole number from 1 to 100000000';

const inS3 = (s3: object, place: string, problem: string, received: string): Row =>
  inner('result', { s3 }, `s3${place}`, problem, received);

const result: readonly Row[] = [
  ...wrongTypes('result', 'must be an object', ['object']),
  inner('result', { form: 'table' }, 'form', 'must be "none" or "rows" or "row" or "column" or "value"', '"table"'),
  ...[0, 1.5, -1, 100_000_001].map((maxRows) =>
    inner('result', { form: 'rows', maxRows }, 'maxRows', ROWS, String(maxRows)),
  ),
  inner('result', { form: 'rows', maxRows: '5' }, 'maxRows', ROWS, '"5"'),
  ...['none', 'row', 'value', undefined].map((form) =>
    inner('result', { form, maxRows: 5 }, 'maxRows', 'goes with forms rows and column only', '5'),
  ),
  inner('result', { s3: 'bucket' }, 's3', 'must be an object', '"bucket"'),
  inS3({}, '.bucket', 'must be a string', 'nothing'),
  ...['', 'ab', 'Bucket', 'my_bucket', '-bucket', 's3://bucket', 'b.'.repeat(32), 'arn:aws:s3:::bucket'].map((bucket) =>
    inS3({ bucket }, '.bucket', BUCKET, JSON.stringify(bucket)),
  ),
  inS3({ bucket: 'reports', prefix: 7 }, '.prefix', 'must be a string', '7'),
  ...['/a', 'a/../b', '..', 'a/.', './a'].map((prefix) =>
    inS3({ bucket: 'reports', prefix }, '.prefix', PREFIX, JSON.stringify(prefix)),
  ),
  inS3(
    { bucket: 'reports', prefix: 'é'.repeat(451) },
    '.prefix',
    'must be at most 900 bytes of UTF-8',
    `"${'é'.repeat(79)}…" (length 451)`,
  ),
  inS3({ bucket: 'reports', acl: 'x' }, '.acl', 'is not a field of a request', '"x"'),
  ...['none', 'row', 'column', 'value'].map((form) =>
    inner('result', { form, s3: { bucket: 'reports' } }, 's3', 'goes with form rows only', '{"bucket":"reports"}'),
  ),
  inner('result', { rows: 5 }, 'rows', 'is not a field of a request', '5'),
  {
    field: 'result',
    payload: without(execute({ result: { form: 'rows' } }), 'taskToken'),
    message: 'result: needs taskToken or durableCallbackId: rows go to who waits; received {"form":"rows"}',
  },
  {
    field: 'result',
    payload: refer('getStatementResult', { result: { form: 'rows' } }),
    message: 'result: does not go with getStatementResult; received {"form":"rows"}',
  },
];

const ANYTHING = 'must be a string, a number, a boolean or null';
const BOUND = 'must be a string or a number';
const COUNT = 'must be a whole number, at least 0, with type count';

const check: readonly Row[] = [
  ...wrongTypes('check', 'must be an object', ['object']),
  ...[{ type: 'empty' }, {}].map((value) =>
    inner(
      'check',
      value,
      'type',
      'must be "noRows" or "someRows" or "count" or "value"',
      'type' in value ? '"empty"' : 'nothing',
    ),
  ),
  inner('check', { type: 'value', equals: ['x'] }, 'equals', ANYTHING, '["x"]'),
  inner('check', { type: 'value', min: null }, 'min', BOUND, 'null'),
  inner('check', { type: 'value', max: true }, 'max', BOUND, 'true'),
  ...['noRows', 'someRows'].map((type) =>
    inner('check', { type, min: 1 }, 'min', `does not go with type ${type}`, '1'),
  ),
  ...['count', 'value'].map((type) =>
    row('check', { type }, `of type ${type} needs equals, min or max`, `{"type":"${type}"}`),
  ),
  inner('check', { type: 'value', equals: 1, max: 2 }, 'equals', 'stands alone: without min and max', '1'),
  ...[-1, 1.5, '7'].map((min) => inner('check', { type: 'count', min }, 'min', COUNT, JSON.stringify(min))),
  inner('check', { type: 'count', equals: null }, 'equals', COUNT, 'null'),
  inner('check', { type: 'count', max: 2 ** 53 }, 'max', COUNT, '9007199254740992'),
  inner('check', { type: 'value', min: 2, max: 1.5 }, 'min', 'must not be more than max, which is 1.5', '2'),
  ...[-1, 21, 0.5].map((sampleRows) =>
    inner(
      'check',
      { type: 'noRows', sampleRows },
      'sampleRows',
      'must be a whole number from 0 to 20',
      String(sampleRows),
    ),
  ),
  inner('check', { type: 'noRows', name: 'x' }, 'name', 'is not a field of a request', '"x"'),
  {
    field: 'check',
    payload: without(execute({ check: { type: 'noRows' } }), 'taskToken'),
    message: 'check: needs taskToken or durableCallbackId: it is who waits that is told; received {"type":"noRows"}',
  },
  {
    field: 'check',
    payload: refer('describeStatement', { check: { type: 'noRows' } }),
    message: 'check: does not go with describeStatement; received {"type":"noRows"}',
  },
];

export const RESULT_ROWS: readonly Row[] = [...result, ...check];
