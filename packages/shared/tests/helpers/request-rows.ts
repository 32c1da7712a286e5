import { ATTEMPT, CANARIES, EXECUTION, SQL_WITH_CREDENTIAL, STATEMENT_ID } from './canaries.ts';

/** A payload that must be refused, and the whole text that says so. `field`: the field of the schema it is about. */
export interface Row {
  readonly field: string;
  readonly payload: unknown;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Every valid field that executeStatement takes, each with a canary where it can hold one. */
export const execute = (fields: Fields = {}): Fields => ({
  action: 'executeStatement',
  sqlStatement: SQL_WITH_CREDENTIAL,
  parameters: { p: CANARIES.parameterValue },
  executionArn: EXECUTION,
  taskToken: CANARIES.taskToken,
  attempt: ATTEMPT,
  ...fields,
});

export const refer = (action: string, fields: Fields = {}): Fields => ({
  action,
  statementId: STATEMENT_ID,
  ...fields,
});

export const without = (fields: Fields, ...names: string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

const SHOWN: readonly (readonly [value: unknown, shown: string, hidden: string])[] = [
  [null, 'null', 'null'],
  [7, '7', 'a number (not shown)'],
  [true, 'true', 'a boolean (not shown)'],
  ['seven', '"seven"', 'a string (not shown)'],
  [['x'], '["x"]', 'an array (not shown)'],
  [{ x: 1 }, '{"x":1}', 'an object (not shown)'],
];

const kind = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** One row for each kind of JSON value that the field does not take. */
const wrongTypes = (
  field: string,
  problem: string,
  takes: readonly string[],
  options: { secret?: boolean } = {},
): Row[] =>
  SHOWN.filter(([value]) => !takes.includes(kind(value))).map(([value, shown, hidden]) => ({
    field,
    payload: execute({ [field]: value }),
    message: `${field}: ${problem}; received ${options.secret ? hidden : shown}`,
  }));

const row = (field: string, value: unknown, problem: string, received: string): Row => ({
  field,
  payload: execute({ [field]: value }),
  message: `${field}: ${problem}; received ${received}`,
});

/** A field within an object field: the same refusals, named `field.inner`. */
const inner = (field: string, value: Fields, place: string, problem: string, received: string): Row => ({
  field,
  payload: execute({ [field]: value }),
  message: `${field}.${place}: ${problem}; received ${received}`,
});

const notText = (field: string, options: { secret?: boolean } = {}): Row[] => [
  ...wrongTypes(field, 'must be a string', ['string'], options),
  row(field, '', 'must not be empty', options.secret ? 'a string (not shown)' : '""'),
];

const notOneOf = (field: string, list: string): Row[] => [
  ...wrongTypes(field, `must be ${list}`, []),
  row(field, '', `must be ${list}`, '""'),
];

const notWhole = (field: string, range: string, ...outside: number[]): Row[] => [
  ...wrongTypes(field, `must be a whole number${range}`, ['number']),
  ...[1.5, -1, 1e300, ...outside].map((value) =>
    row(field, value, `must be a whole number${range}`, JSON.stringify(value)),
  ),
];

const LONG = 'long '.repeat(500);
const LONG_SHOWN = `"${LONG.slice(0, 79)}…" (length 2500)`;
const WORDS_79 = LONG.slice(0, 79);
const SHORT_ARN = 'arn:aws:states:us-east-1:000000000000:execution:load:1';
const ARN_PROBLEM = 'must be the ARN of an execution ($$.Execution.Id)';
const ID_PROBLEM = 'must be a statement id of the Data API, or LATEST';
const PARAMETER_PROBLEM =
  'must be a non-empty string, a number or a boolean (Redshift parameters have no form for NULL or empty text)';

const contractVersion = notWhole('contractVersion', ', at least 1', 0);

const action: Row[] = [
  ...notOneOf(
    'action',
    '"executeStatement" or "executeSingletonStatement" or "batchExecuteStatement" or "describeStatement" or "getStatementResult" or "cancelStatement"',
  ),
  {
    field: 'action',
    payload: {},
    message: 'action: is required when there is no sqlStatement; received nothing',
  },
];

const SQL_LIMIT = 204_800;
const tooMuchSql = (sql: string, bytes: number, received: string): Row =>
  row(
    'sqlStatement',
    sql,
    `must be at most ${SQL_LIMIT} bytes of UTF-8, the Data API's limit, but has ${bytes}`,
    received,
  );

const sqlStatement: Row[] = [
  ...wrongTypes('sqlStatement', 'must be a string', ['string']),
  row('sqlStatement', '', 'must not be empty', '""'),
  row('sqlStatement', ' \n\t', 'must not be empty', '"" (length 3)'),
  tooMuchSql(`select ${'1 '.repeat(102_396)}11`, SQL_LIMIT + 1, `"select ${'1 '.repeat(36)}…" (length 204801)`),
  tooMuchSql(`${'é'.repeat(SQL_LIMIT / 2)}x`, SQL_LIMIT + 1, `"${'é'.repeat(79)}…" (length 102401)`),
  tooMuchSql(`${'é'.repeat(SQL_LIMIT / 2 - 1)}€`, SQL_LIMIT + 1, `"${'é'.repeat(79)}…" (length 102400)`),
  ...['executeStatement', 'executeSingletonStatement'].map((name) => ({
    field: 'sqlStatement',
    payload: { action: name },
    message: `sqlStatement: is required by ${name}; received nothing`,
  })),
];

const parameters: Row[] = [
  ...wrongTypes('parameters', 'must be an object', ['object'], { secret: true }),
  ...[null, ['x'], { x: CANARIES.parameterValue }].map((value) =>
    inner(
      'parameters',
      { p: value },
      'p',
      PARAMETER_PROBLEM,
      value === null ? 'null' : `an ${kind(value)} (not shown)`,
    ),
  ),
  inner('parameters', { p: '' }, 'p', 'must not be empty', 'a string (not shown)'),
  inner(
    'parameters',
    { p: 12_345_678_901_234_567_890 },
    'p',
    'is a whole number beyond what JSON carries exactly; send it as a string',
    'a number (not shown)',
  ),
  ...['a b', 'a-b', 'é', 'a.b', ':a'].map((name) =>
    inner(
      'parameters',
      { [name]: CANARIES.parameterValue },
      name,
      'must have a name of letters, digits and underscores only',
      'a string (not shown)',
    ),
  ),
  inner(
    'parameters',
    { '': 'x' },
    '""',
    'must have a name of letters, digits and underscores only',
    'a string (not shown)',
  ),
  inner(
    'parameters',
    { [LONG]: 'x' },
    `${WORDS_79}…`,
    'must have a name of letters, digits and underscores only',
    'a string (not shown)',
  ),
];

const executionArn: Row[] = [
  ...wrongTypes('executionArn', 'must be a string', ['string']),
  row('executionArn', '', ARN_PROBLEM, '""'),
  row('executionArn', 'load', ARN_PROBLEM, '"load"'),
  row('executionArn', `${SHORT_ARN}\n`, ARN_PROBLEM, `"${SHORT_ARN}" (length ${SHORT_ARN.length + 1})`),
  row(
    'executionArn',
    'arn:aws:states:us-east-1:000000000000:stateMachine:load',
    ARN_PROBLEM,
    '"arn:aws:states:us-east-1:000000000000:stateMachine:load"',
  ),
  row(
    'executionArn',
    `${EXECUTION}${':1'.repeat(200)}`,
    'must be at most 380 characters long',
    `"${EXECUTION.slice(0, 79)}…" (length ${EXECUTION.length + 400})`,
  ),
  ...['taskToken', 'attempt'].map((partner) => ({
    field: 'executionArn',
    payload: without(execute(), 'executionArn', partner === 'attempt' ? 'taskToken' : 'attempt'),
    message: `executionArn: is required with ${partner} (send $$.Execution.Id); received nothing`,
  })),
  {
    field: 'executionArn',
    payload: refer('describeStatement', { statementId: 'LATEST' }),
    message: 'executionArn: is required with statementId LATEST (send $$.Execution.Id); received nothing',
  },
];

const taskToken: Row[] = [
  ...notText('taskToken', { secret: true }),
  row('taskToken', CANARIES.taskToken.repeat(8), 'must be at most 2048 characters long', 'a string (not shown)'),
];

const attempt: Row[] = [
  ...wrongTypes('attempt', 'must be an object', ['object']),
  ...['state', 'enteredTime'].flatMap((place) => [
    inner('attempt', { ...ATTEMPT, [place]: '' }, place, 'must not be empty', '""'),
    inner('attempt', { ...ATTEMPT, [place]: null }, place, 'must be a string', 'null'),
    inner('attempt', { ...ATTEMPT, [place]: 7 }, place, 'must be a string', '7'),
    inner('attempt', without(ATTEMPT, place), place, 'must be a string', 'nothing'),
    inner('attempt', { ...ATTEMPT, [place]: LONG }, place, 'must be at most 256 characters long', LONG_SHOWN),
  ]),
  ...['retryCount', 'redriveCount'].flatMap((place) =>
    (
      [
        [-1, '-1'],
        [0.5, '0.5'],
        [2 ** 53, '9007199254740992'],
        ['1', '"1"'],
        [null, 'null'],
      ] as const
    ).map(([value, shown]) =>
      inner('attempt', { ...ATTEMPT, [place]: value }, place, 'must be a whole number, at least 0', shown),
    ),
  ),
  inner('attempt', without(ATTEMPT, 'retryCount'), 'retryCount', 'must be a whole number, at least 0', 'nothing'),
  inner('attempt', { ...ATTEMPT, mapIndex: 3 }, 'mapIndex', 'is not a field of a request', '3'),
];

const statementId: Row[] = [
  ...wrongTypes('statementId', 'must be a string', ['string']),
  ...['', 'latest', STATEMENT_ID.toUpperCase(), `${STATEMENT_ID}:123`, `x${STATEMENT_ID}`].map((value) =>
    row('statementId', value, ID_PROBLEM, JSON.stringify(value)),
  ),
  row('statementId', STATEMENT_ID, 'does not go with executeStatement', `"${STATEMENT_ID}"`),
  ...['describeStatement', 'cancelStatement', 'getStatementResult'].map((name) => ({
    field: 'statementId',
    payload: { action: name, executionArn: EXECUTION },
    message: `statementId: is required by ${name}; received nothing`,
  })),
];

const state: Row[] = [
  ...notText('state'),
  row('state', LONG, 'must be at most 256 characters long', LONG_SHOWN),
  row('state', 'Load', 'does not go with executeStatement', '"Load"'),
  {
    field: 'state',
    payload: refer('describeStatement', { state: 'Load' }),
    message: 'state: goes with statementId LATEST only; received "Load"',
  },
];

const nextToken: Row[] = [
  ...notText('nextToken'),
  ...notOneOf('onTimeout', '"cancel" or "leave"'),
  ...notOneOf('errors', '"state" or "cause"'),
  row('nextToken', 'page 2', 'does not go with executeStatement', '"page 2"'),
  ...['describeStatement', 'cancelStatement'].map((name) => ({
    field: 'nextToken',
    payload: refer(name, { nextToken: 'page 2' }),
    message: `nextToken: does not go with ${name}; received "page 2"`,
  })),
];

const onRetry: Row[] = [
  ...notOneOf('onRetry', '"adopt" or "restart"'),
  {
    field: 'onRetry',
    payload: without(execute({ onRetry: 'adopt' }), 'attempt'),
    message: 'onRetry: needs attempt, which tells a retry from a first try; received "adopt"',
  },
  {
    field: 'onRetry',
    payload: execute({ onRetry: 'restart', idempotencyKey: 'nightly' }),
    message: 'onRetry: does not go with idempotencyKey; received "restart"',
  },
];

const idempotencyKey: Row[] = [
  ...notText('idempotencyKey'),
  row('idempotencyKey', LONG, 'must be at most 256 characters long', LONG_SHOWN),
];

const lock: Row[] = [
  ...wrongTypes('lock', 'must be an object', ['object']),
  inner('lock', {}, 'name', 'must be a string', 'nothing'),
  inner('lock', { name: '' }, 'name', 'must not be empty', '""'),
  inner('lock', { name: LONG }, 'name', 'must be at most 256 characters long', LONG_SHOWN),
  inner('lock', { name: 'n', mode: 'steal' }, 'mode', 'must be "fail" or "wait" or "join"', '"steal"'),
  ...['wait', 'join'].map((mode) =>
    inner('lock', { name: 'n', mode }, 'mode', 'belongs to the contract but is not built yet', `"${mode}"`),
  ),
  inner('lock', { name: 'n', owner: 'me' }, 'owner', 'is not a field of a request', '"me"'),
  {
    field: 'lock',
    payload: execute({ action: 'executeSingletonStatement', lock: { name: 'n' } }),
    message: 'lock: does not go with executeSingletonStatement; received {"name":"n"}',
  },
];

const clocks: Row[] = [
  ...notWhole('heartbeatSeconds', ' from 1 to 99999999', 0, 100_000_000),
  ...notWhole('maxRuntimeSeconds', ' from 1 to 86400', 0, 86_401),
  {
    field: 'heartbeatSeconds',
    payload: without(execute({ heartbeatSeconds: 600 }), 'taskToken'),
    message: 'heartbeatSeconds: needs taskToken or durableCallbackId, to which heartbeats go; received 600',
  },
];

/** What starts a statement, given to an action that looks one up. */
const contradictions: Row[] = ['describeStatement', 'cancelStatement', 'getStatementResult'].flatMap((name) => [
  {
    field: 'sqlStatement',
    payload: refer(name, { sqlStatement: SQL_WITH_CREDENTIAL }),
    message: `sqlStatement: does not go with ${name}; received "alter user etl password '***'" (length ${SQL_WITH_CREDENTIAL.length})`,
  },
  {
    field: 'parameters',
    payload: refer(name, { parameters: { p: CANARIES.parameterValue } }),
    message: `parameters: does not go with ${name}; received an object (not shown)`,
  },
  ...['onRetry', 'idempotencyKey'].map((field) => ({
    field,
    payload: refer(name, { [field]: 'adopt' }),
    message: `${field}: does not go with ${name}; received "adopt"`,
  })),
  {
    field: 'lock',
    payload: refer(name, { lock: { name: 'n' } }),
    message: `lock: does not go with ${name}; received {"name":"n"}`,
  },
  {
    field: 'onTimeout',
    payload: refer(name, { onTimeout: 'leave' }),
    message: `onTimeout: does not go with ${name}; received "leave"`,
  },
  {
    field: 'errors',
    payload: refer(name, { errors: 'cause' }),
    message: `errors: does not go with ${name}; received "cause"`,
  },
  ...['heartbeatSeconds', 'maxRuntimeSeconds'].map((field) => ({
    field,
    payload: refer(name, { [field]: 600 }),
    message: `${field}: does not go with ${name}; received 600`,
  })),
  {
    field: 'taskToken',
    payload: refer(name, { taskToken: CANARIES.taskToken, executionArn: EXECUTION }),
    message: `taskToken: does not go with ${name}, which answers at once: call it without .waitForTaskToken; received a string (not shown)`,
  },
]);

export { inner, LONG, LONG_SHOWN, notOneOf, notText, notWhole, row, wrongTypes };

/** Refusals of the fields that are built. */
export const BUILT_ROWS: readonly Row[] = [
  ...contractVersion,
  ...action,
  ...sqlStatement,
  ...parameters,
  ...executionArn,
  ...taskToken,
  ...attempt,
  ...statementId,
  ...state,
  ...nextToken,
  ...onRetry,
  ...idempotencyKey,
  ...lock,
  ...clocks,
  ...contradictions,
];
