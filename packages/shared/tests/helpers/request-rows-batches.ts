import { SQL_WITH_CREDENTIAL } from './canaries.ts';
import { execute, inner, notOneOf, type Row, refer, row, without, wrongTypes } from './request-rows.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Every valid field that batchExecuteStatement takes. */
export const batch = (fields: Fields = {}): Fields => ({
  ...without(execute(), 'sqlStatement'),
  action: 'batchExecuteStatement',
  sqlStatements: [SQL_WITH_CREDENTIAL, 'select :p'],
  executionMode: 'AUTO_COMMIT',
  ...fields,
});

const refused = (field: string, payload: Fields, problem: string, received: string): Row => ({
  field,
  payload,
  message: `${field}: ${problem}; received ${received}`,
});

const HIDDEN = `["alter user etl password '***'","select :p"]`;
const LONG = 'long '.repeat(20_480);

/** Refusals of what belongs to batches. */
export const BATCH_ROWS: readonly Row[] = [
  ...wrongTypes('sqlStatements', 'must be an array', ['array']),
  row('sqlStatements', [], 'must not be empty', '[]'),
  row('sqlStatements', Array(41).fill('a'), 'must be at most 40 items long', `[${'"a",'.repeat(19)}"a…`),
  inner('sqlStatements', ['select 1', ' '] as never, '1', 'must not be empty', '"" (length 1)'),
  inner('sqlStatements', [7] as never, '0', 'must be a string', '7'),
  row(
    'sqlStatements',
    [LONG, 'ä'.repeat(51_200), 'z'],
    "must together be at most 204800 bytes of UTF-8, the Data API's limit, but have 204801",
    `["${LONG.slice(0, 77)}…`,
  ),
  ...notOneOf('executionMode', '"TRANSACTION" or "AUTO_COMMIT"'),
  refused('sqlStatements', execute({ sqlStatements: ['a'] }), 'does not go with executeStatement', '["a"]'),
  refused(
    'sqlStatements',
    execute({ action: undefined, sqlStatements: ['a'] }),
    'does not go with executeStatement',
    '["a"]',
  ),
  refused(
    'executionMode',
    execute({ action: 'executeSingletonStatement', executionMode: 'TRANSACTION' }),
    'does not go with executeSingletonStatement',
    '"TRANSACTION"',
  ),
  refused('sqlStatement', batch({ sqlStatement: 'a' }), 'does not go with batchExecuteStatement', '"a"'),
  refused('sqlStatements', without(batch(), 'sqlStatements'), 'is required by batchExecuteStatement', 'nothing'),
  refused(
    'check',
    batch({ check: { type: 'noRows' } }),
    'does not go with batchExecuteStatement: a check looks at one statement',
    '{"type":"noRows"}',
  ),
  refused('statementId', batch({ statementId: 'LATEST' }), 'does not go with batchExecuteStatement', '"LATEST"'),
  refused(
    'sqlStatements',
    refer('describeStatement', { sqlStatements: [SQL_WITH_CREDENTIAL, 'select :p'] }),
    'does not go with describeStatement',
    HIDDEN,
  ),
  refused(
    'executionMode',
    refer('cancelStatement', { executionMode: 'TRANSACTION' }),
    'does not go with cancelStatement',
    '"TRANSACTION"',
  ),
];
