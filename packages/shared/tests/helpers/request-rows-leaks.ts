import { ATTEMPT, CANARIES, SQL_WITH_CREDENTIAL } from './canaries.ts';
import { execute, inner, type Row, row } from './request-rows.ts';

const HIDDEN_TOKEN = `"***" (length ${CANARIES.taskToken.length})`;
const UNKNOWN = 'is not a field of a request';

/** Payloads that are not objects at all. */
const NO_OBJECTS: readonly (readonly [payload: unknown, received: string])[] = [
  [null, 'null'],
  [undefined, 'nothing'],
  [7, '7'],
  [true, 'true'],
  ['select 1', '"select 1"'],
  [[], '[]'],
  [CANARIES.taskToken, HIDDEN_TOKEN],
  [[{ taskToken: CANARIES.taskToken }], '[{"taskToken":"(not shown)"}]'],
];

/** Secrets where none belong: under a misspelt name, inside another value, in another field. */
export const MISPLACED_SECRET_ROWS: readonly Row[] = [
  ...NO_OBJECTS.map(([payload, received]) => ({
    field: 'request',
    payload,
    message: `request: must be a JSON object; received ${received}`,
  })),
  row('unknown', 5, UNKNOWN, '5'),
  row('sqlstatement', 'select 1', UNKNOWN, '"select 1"'),
  row('TaskToken', 'short canaryToken', UNKNOWN, 'a string (not shown)'),
  row('Parameters', { p: CANARIES.parameterValue }, UNKNOWN, 'an object (not shown)'),
  row('dbPassword', CANARIES.credential, UNKNOWN, 'a string (not shown)'),
  row('responseUrl', CANARIES.responseUrl, UNKNOWN, 'a string (not shown)'),
  row('input', CANARIES.taskToken, UNKNOWN, HIDDEN_TOKEN),
  row(
    'input',
    { sql: SQL_WITH_CREDENTIAL, taskToken: 'short canaryToken', n: 1 },
    UNKNOWN,
    `{"sql":"alter user etl password '***'","taskToken":"(not shown)","n":1}`,
  ),
  {
    field: 'unknown',
    payload: execute({ ['x'.repeat(5000)]: 1 }),
    message: `${'x'.repeat(79)}…: ${UNKNOWN}; received 1`,
  },
  inner('attempt', { ...ATTEMPT, token: 'short canaryToken' }, 'token', UNKNOWN, 'a string (not shown)'),
  row('sqlStatement', [SQL_WITH_CREDENTIAL], 'must be a string', `["alter user etl password '***'"]`),
  row(
    'sqlStatement',
    { sql: "alter user etl password\n'Canary-Passw0rd'" },
    'must be a string',
    `{"sql":"alter user etl password '***'"}`,
  ),
  row('executionArn', CANARIES.taskToken, 'must be the ARN of an execution ($$.Execution.Id)', HIDDEN_TOKEN),
];
