import { mutated } from '@sfn-redshift/fuzz';
import fc, { type Arbitrary } from 'fast-check';
import { ATTEMPT, CANARIES, EXECUTION, SQL_WITH_CREDENTIAL, STATEMENT_ID } from '../helpers/canaries.ts';

const count = fc.nat({ max: 3 });

/** Every field that an `executeStatement` can have, each with a canary where it can hold one. */
const execute = fc.record(
  {
    contractVersion: fc.constantFrom(1, 2, 99),
    action: fc.constantFrom('executeStatement', 'executeSingletonStatement', 'batchExecuteStatement'),
    sqlStatement: fc.constantFrom('select 1', SQL_WITH_CREDENTIAL, `select '${'x'.repeat(2_000)}'`),
    sqlStatements: fc.constantFrom(['select 1'], ['select 1', SQL_WITH_CREDENTIAL]),
    executionMode: fc.constantFrom('TRANSACTION', 'AUTO_COMMIT'),
    parameters: fc.dictionary(
      fc.constantFrom('p', 'q', 'r_1'),
      fc.constantFrom(CANARIES.parameterValue, 7, 1.5, true, 'text'),
      { maxKeys: 3 },
    ),
    executionArn: fc.constant(EXECUTION),
    taskToken: fc.constant(CANARIES.taskToken),
    attempt: fc.record({ retryCount: count, redriveCount: count }).map((counts) => ({ ...ATTEMPT, ...counts })),
    onRetry: fc.constantFrom('adopt', 'restart'),
    idempotencyKey: fc.constantFrom('nightly', 'x'.repeat(256)),
    onTimeout: fc.constantFrom('cancel', 'leave'),
    heartbeatSeconds: fc.constantFrom(1, 60),
    maxRuntimeSeconds: fc.constantFrom(1, 86_400),
    result: fc.constantFrom({ form: 'rows', maxRows: 5 }, { form: 'value', s3: { bucket: 'b' } }),
    session: fc.constantFrom({}, { keepAliveSeconds: 60 }, { id: STATEMENT_ID, keepAliveSeconds: 0 }),
    lock: fc.constantFrom({ name: 'load' }, { name: 'load', mode: 'fail' }),
    durableCallbackId: fc.constant(CANARIES.callbackId),
  },
  { requiredKeys: ['executionArn'] },
);

const REFERENCES = ['describeStatement', 'getStatementResult', 'cancelStatement'];

const reference = fc.record(
  {
    action: fc.constantFrom(...REFERENCES),
    statementId: fc.constantFrom('LATEST', STATEMENT_ID),
    executionArn: fc.constant(EXECUTION),
    state: fc.constant('Load'),
    nextToken: fc.constant('page-2'),
  },
  { requiredKeys: ['action', 'statementId'] },
);

const cloudFormation = fc.record({
  RequestType: fc.constantFrom('Create', 'Update', 'Delete'),
  ResponseURL: fc.constant(CANARIES.responseUrl),
  StackId: fc.constant('arn:aws:cloudformation:us-east-1:000000000000:stack/s/1'),
  RequestId: fc.uuid(),
  LogicalResourceId: fc.constant('Schema'),
  ResourceType: fc.constant('Custom::Sql'),
  ResourceProperties: fc.constant({ ServiceToken: 'arn:aws:lambda:x', password: CANARIES.credential }),
});

/** What could arrive at the invoker: requests, right or not. */
export const payload: Arbitrary<unknown> = mutated(
  fc.oneof({ weight: 4, arbitrary: execute }, { weight: 2, arbitrary: reference }, cloudFormation),
);
