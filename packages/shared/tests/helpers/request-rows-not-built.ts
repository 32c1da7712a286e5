import { CANARIES, SQL_WITH_CREDENTIAL } from './canaries.ts';
import { execute, inner, notOneOf, notText, type Row, row, wrongTypes } from './request-rows.ts';

const NOT_BUILT = 'belongs to the contract but is not built yet';

/** Checks of fields that belong to the contract and are checked, although no build carries them out yet. */
export const NOT_BUILT_CHECK_ROWS: readonly Row[] = [
  ...wrongTypes('sqlStatements', 'must be an array', ['array']),
  row('sqlStatements', [], 'must not be empty', '[]'),
  row('sqlStatements', Array(41).fill('a'), 'must be at most 40 items long', `[${'"a",'.repeat(19)}"a…`),
  inner('sqlStatements', ['select 1', ' '] as never, '1', 'must not be empty', '"" (length 1)'),
  inner('sqlStatements', [7] as never, '0', 'must be a string', '7'),
  ...notOneOf('executionMode', '"TRANSACTION" or "AUTO_COMMIT"'),
  ...wrongTypes('session', 'must be an object', ['object']),
  inner('session', { id: '' }, 'id', 'must not be empty', '""'),
  inner('session', { id: 7 }, 'id', 'must be a string', '7'),
  inner('session', { keepAliveSeconds: -1 }, 'keepAliveSeconds', 'must be a whole number from 0 to 86400', '-1'),
  inner('session', { keepAliveSeconds: 86_401 }, 'keepAliveSeconds', 'must be a whole number from 0 to 86400', '86401'),
  inner('session', { name: 's' }, 'name', 'is not a field of a request', '"s"'),
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
  sqlStatements: [[SQL_WITH_CREDENTIAL], `["alter user etl password '***'"]`],
  executionMode: ['AUTO_COMMIT', '"AUTO_COMMIT"'],
  session: [{ id: 'x', keepAliveSeconds: 0 }, '{"id":"x","keepAliveSeconds":0}'],
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
