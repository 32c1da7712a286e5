import { mutated } from '@sfn-redshift/fuzz';
import { encodeTaskRequest, type TaskRequest } from '@sfn-redshift/shared';
import fc, { type Arbitrary } from 'fast-check';
import { EXECUTION, REQUEST, STATEMENT_ID } from '../helpers/requests.ts';

const count = fc.nat({ max: 2 });

const execute = fc
  .record(
    {
      attempt: fc
        .record({ retryCount: count, redriveCount: count })
        .map((counts) => ({ state: 'Load', enteredTime: '2026-11-26T08:00:00Z', ...counts })),
      onRetry: fc.constantFrom('adopt' as const, 'restart' as const),
      onTimeout: fc.constantFrom('cancel' as const, 'leave' as const),
      idempotencyKey: fc.constant('nightly'),
    },
    { requiredKeys: [] },
  )
  .map((fields): TaskRequest => ({ ...REQUEST, ...fields }));

const reference: Arbitrary<TaskRequest> = fc.record({
  action: fc.constantFrom('describeStatement', 'getStatementResult', 'cancelStatement'),
  statement: fc.constantFrom({ id: STATEMENT_ID }, { latestOf: EXECUTION }, { latestOf: EXECUTION, state: 'Load' }),
});

/** Requests that are right or nearly so. */
export const payload: Arbitrary<unknown> = mutated(
  fc.oneof({ weight: 3, arbitrary: execute }, { weight: 1, arbitrary: reference }).map(encodeTaskRequest),
  2,
);
