import { CANARIES } from './canaries.ts';
import { execute, inner, LONG, notOneOf, notText, type Row, row, wrongTypes } from './request-rows.ts';

const NOT_BUILT = 'belongs to the contract but is not built yet';

/** Checks of fields that belong to the contract and are checked, although no build carries them out yet. */
export const NOT_BUILT_CHECK_ROWS: readonly Row[] = [
  ...wrongTypes('result', 'must be an object', ['object']),
  inner('result', { form: 'table' }, 'form', 'must be "none" or "rows" or "row" or "column" or "value"', '"table"'),
  inner('result', { maxRows: 0 }, 'maxRows', 'must be a whole number, at least 1', '0'),
  inner('result', { s3: 'bucket' }, 's3', 'must be an object', '"bucket"'),
  inner('result', { s3: {} }, 's3.bucket', 'must be a string', 'nothing'),
  inner('result', { s3: { bucket: '' } }, 's3.bucket', 'must not be empty', '""'),
  inner('result', { s3: { bucket: 'b', prefix: 7 } }, 's3.prefix', 'must be a string', '7'),
  inner('result', { s3: { bucket: 'b', acl: 'x' } }, 's3.acl', 'is not a field of a request', '"x"'),
  inner('result', { rows: 5 }, 'rows', 'is not a field of a request', '5'),
  ...notText('durableCallbackId', { secret: true }),
  row('durableCallbackId', LONG, 'must be at most 1024 characters long', 'a string (not shown)'),
  ...notOneOf('RequestType', '"Create" or "Update" or "Delete"'),
  ...notText('ResponseURL', { secret: true }),
  ...['StackId', 'RequestId', 'LogicalResourceId', 'PhysicalResourceId', 'ResourceType', 'ServiceToken'].flatMap(
    (field) => notText(field),
  ),
  ...['ResourceProperties', 'OldResourceProperties'].flatMap((field) =>
    wrongTypes(field, 'must be an object', ['object'], { secret: true }),
  ),
];

const valid: Readonly<Record<string, readonly [value: unknown, received: string]>> = {
  result: [{ form: 'rows', maxRows: 5, s3: { bucket: 'b' } }, '{"form":"rows","maxRows":5,"s3":{"bucket":"b"}}'],
  durableCallbackId: [CANARIES.callbackId, 'a string (not shown)'],
};

/** Fields of CloudFormation's events. */
const ofEvents: Readonly<Record<string, readonly [value: unknown, received: string]>> = {
  RequestType: ['Create', '"Create"'],
  ResponseURL: [CANARIES.responseUrl, 'a string (not shown)'],
  StackId: ['arn:aws:cloudformation:x', '"arn:aws:cloudformation:x"'],
  RequestId: ['r-1', '"r-1"'],
  LogicalResourceId: ['Schema', '"Schema"'],
  PhysicalResourceId: ['schema-1', '"schema-1"'],
  ResourceType: ['Custom::Sql', '"Custom::Sql"'],
  ResourceProperties: [{ password: CANARIES.credential }, 'an object (not shown)'],
  OldResourceProperties: [{ password: CANARIES.credential }, 'an object (not shown)'],
  ServiceToken: ['arn:aws:lambda:x', '"arn:aws:lambda:x"'],
};

const rowsOf = (fields: typeof valid, problem: string): readonly Row[] =>
  Object.entries(fields).map(([field, [value, received]]) => ({
    field,
    payload: execute({ [field]: value }),
    message: `${field}: ${problem}; received ${received}`,
  }));

/** Each field that is not built, holding what it will take. */
export const NOT_BUILT_ROWS = rowsOf(valid, NOT_BUILT);

/** Each field of CloudFormation's events, in a request that is none. */
export const EVENT_ROWS = rowsOf(ofEvents, 'belongs to a CloudFormation event, which this is not');
