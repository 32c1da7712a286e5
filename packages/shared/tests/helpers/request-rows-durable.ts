import { ATTEMPT, CANARIES, EXECUTION } from './canaries.ts';
import { execute, LONG, notText, type Row, refer, row, without } from './request-rows.ts';

export const DURABLE_EXECUTION =
  'arn:aws:lambda:us-east-1:000000000000:function:nightly:7/durable-execution/run-1/0d4f7f8e-8f3a-4a51-9a51-5b1f6f4a7a10';

/** A statement whose end is told to a callback of a durable function. */
export const durable = (fields: Readonly<Record<string, unknown>> = {}) => ({
  ...without(execute(), 'taskToken', 'attempt', 'executionArn'),
  durableCallbackId: CANARIES.callbackId,
  ...fields,
});

const HIDDEN = 'a string (not shown)';
const FORM = 'must be the id of a callback of a durable function, as waitForCallback hands it to its submitter';

const refused = (field: string, payload: unknown, problem: string, received: string): Row => ({
  field,
  payload,
  message: `${field}: ${problem}; received ${received}`,
});

/** What goes wrong with a callback of a durable function. */
export const DURABLE_ROWS: readonly Row[] = [
  ...notText('durableCallbackId', { secret: true }),
  row('durableCallbackId', LONG, 'must be at most 1024 characters long', HIDDEN),
  ...['callback-1', 'a b', 'a=b', 'a===', '=', 'Ä', 'a\n'].map((id) => row('durableCallbackId', id, FORM, HIDDEN)),
  refused(
    'durableCallbackId',
    execute({ durableCallbackId: CANARIES.callbackId }),
    'does not go with taskToken: a statement has one callback',
    HIDDEN,
  ),
  refused(
    'attempt',
    durable({ attempt: ATTEMPT, executionArn: DURABLE_EXECUTION }),
    'does not go with durableCallbackId, which tells one try from the next',
    JSON.stringify(ATTEMPT).slice(0, 79).concat('…'),
  ),
  refused(
    'onRetry',
    durable({ onRetry: 'restart' }),
    'needs attempt, which tells a retry from a first try',
    '"restart"',
  ),
  refused(
    'executionArn',
    durable({ executionArn: EXECUTION }),
    'must be that of an execution of a durable function with durableCallbackId',
    shown(EXECUTION),
  ),
  ...(['taskToken', 'attempt'] as const).map((field) =>
    refused(
      'executionArn',
      { ...without(execute(), 'taskToken', 'attempt'), [field]: execute()[field], executionArn: DURABLE_EXECUTION },
      `must be that of an execution of Step Functions with ${field}`,
      shown(DURABLE_EXECUTION),
    ),
  ),
  ...[
    DURABLE_EXECUTION.replace(':7/', '/'),
    DURABLE_EXECUTION.replace('/run-1', ''),
    'arn:aws:lambda:us-east-1:000000000000:function:nightly:7',
  ].map((executionArn) =>
    refused(
      'executionArn',
      durable({ executionArn }),
      'must be the ARN of an execution ($$.Execution.Id)',
      shown(executionArn),
    ),
  ),
  ...['describeStatement', 'cancelStatement', 'getStatementResult'].map((action) =>
    refused(
      'durableCallbackId',
      refer(action, { durableCallbackId: CANARIES.callbackId }),
      `does not go with ${action}, which answers at once`,
      HIDDEN,
    ),
  ),
];

function shown(arn: string): string {
  const text = arn.replace(/[\w+/=-]{48,}/g, '***');
  return text.length <= 80 && text === arn
    ? JSON.stringify(text)
    : `${JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 79)}…`)} (length ${arn.length})`;
}
