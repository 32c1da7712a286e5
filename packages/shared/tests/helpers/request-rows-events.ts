import { CANARIES } from './canaries.ts';
import { execute, notOneOf, notText, type Row, wrongTypes } from './request-rows.ts';

/** Checks of fields of CloudFormation's events. */
export const EVENT_CHECK_ROWS: readonly Row[] = [
  ...notOneOf('RequestType', '"Create" or "Update" or "Delete"'),
  ...notText('ResponseURL', { secret: true }),
  ...['StackId', 'RequestId', 'LogicalResourceId', 'PhysicalResourceId', 'ResourceType', 'ServiceToken'].flatMap(
    (field) => notText(field),
  ),
  ...['ResourceProperties', 'OldResourceProperties'].flatMap((field) =>
    wrongTypes(field, 'must be an object', ['object'], { secret: true }),
  ),
];

type Fields = Readonly<Record<string, readonly [value: unknown, received: string]>>;

/** Fields of CloudFormation's events. */
const ofEvents: Fields = {
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

const rowsOf = (fields: Fields, problem: string): readonly Row[] =>
  Object.entries(fields).map(([field, [value, received]]) => ({
    field,
    payload: execute({ [field]: value }),
    message: `${field}: ${problem}; received ${received}`,
  }));

/** Each field of CloudFormation's events, in a request that is none. */
export const EVENT_ROWS = rowsOf(ofEvents, 'belongs to a CloudFormation event, which this is not');
