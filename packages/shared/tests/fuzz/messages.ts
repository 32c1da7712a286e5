import { mutated, text } from '@sfn-redshift/fuzz';
import fc, { type Arbitrary } from 'fast-check';
import { callback } from '../helpers/arbitraries.ts';
import { CANARIES, EXECUTION } from '../helpers/canaries.ts';
import { RECEIVED, STATEMENT_NAME } from '../helpers/examples.ts';

const statementEvent = fc
  .record({
    statementName: fc.oneof(fc.constant(STATEMENT_NAME), text),
    state: fc.oneof(fc.constantFrom('FINISHED', 'FAILED', 'ABORTED', 'STARTED'), text),
    rows: fc.integer({ min: -1 }),
    redshiftQueryId: fc.integer({ min: -1 }),
  })
  .map((detail) => ({ ...RECEIVED, detail: { ...RECEIVED.detail, ...detail } }));

const executionEnded = fc.record(
  {
    type: fc.constant('executionEnded'),
    executionArn: fc.constant(EXECUTION),
    status: fc.constantFrom('ABORTED', 'TIMED_OUT', 'FAILED'),
    redriveCount: fc.oneof(fc.nat({ max: 3 }), fc.constant('')),
    stopDate: fc.oneof(fc.integer(), fc.constant('')),
  },
  { requiredKeys: ['type', 'executionArn', 'status'] },
);

const withCanary = fc.constantFrom(
  { type: 'stepFunctions', taskToken: CANARIES.taskToken },
  {
    type: 'cloudFormation',
    responseUrl: CANARIES.responseUrl,
    stackId: 's',
    requestId: 'r',
    logicalResourceId: 'l',
    physicalResourceId: 'p',
  },
  { type: 'durableFunction', callbackId: CANARIES.callbackId },
);

const refused = fc.record({
  type: fc.constant('refused'),
  contractVersion: fc.constant(1),
  callback: fc.oneof(withCanary, callback),
  error: fc.constant('InvalidRequest'),
  cause: text,
  time: fc.constant('2026-11-26T08:00:00Z'),
});

/** What could arrive in the completion queue, after JSON.parse. */
export const message: Arbitrary<unknown> = mutated(fc.oneof(statementEvent, executionEnded, refused));
