import fc from 'fast-check';
import type { Callback, TrackingItem } from '../../src/index.ts';
import { ITEM } from './examples.ts';

// fast-check's own `unit: 'binary'` takes seconds to set up. Letters are likelier here, surrogates not rare.
const codeUnit = fc.oneof(
  fc.integer({ min: 0x20, max: 0x7e }),
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0xd800, max: 0xdfff }),
);

/** Any text, half surrogate pairs included. */
export const anyText = (constraints: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.array(codeUnit, constraints).map((units) => String.fromCharCode(...units));

const text = fc.string({ minLength: 1 });

export const callback: fc.Arbitrary<Callback> = fc.oneof(
  fc.record({ type: fc.constant('stepFunctions' as const), taskToken: text }),
  fc.record({
    type: fc.constant('cloudFormation' as const),
    responseUrl: text,
    stackId: text,
    requestId: text,
    logicalResourceId: text,
    physicalResourceId: text,
  }),
  fc.record({ type: fc.constant('durableFunction' as const), callbackId: text }),
  fc.record({ type: fc.constant('none' as const) }),
);

const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

export const trackingItem: fc.Arbitrary<TrackingItem> = fc
  .record(
    {
      owner: text,
      invocationKey: text,
      status: fc.constantFrom('starting' as const, 'submitted' as const, 'cancelling' as const, 'closed' as const),
      generation: whole,
      callback,
      startedAt: whole,
      attempt: fc.record({ state: text, enteredTime: text, retryCount: whole, redriveCount: whole }),
      onTimeout: fc.constantFrom('cancel' as const, 'leave' as const),
      lock: text,
      batch: fc.record({
        statements: whole,
        executionMode: fc.constantFrom('TRANSACTION' as const, 'AUTO_COMMIT' as const),
      }),
      session: fc.record({ id: text }, { requiredKeys: [] }),
      statementId: text,
      outcome: fc.constantFrom(
        'FINISHED' as const,
        'FAILED' as const,
        'ABORTED' as const,
        'REFUSED' as const,
        'UNKNOWN' as const,
      ),
      delivered: fc.boolean(),
      closedAt: whole,
      startGeneration: whole,
      executionArn: text,
      goneSince: whole,
      heartbeatSeconds: whole,
      maxRuntimeSeconds: whole,
      cancelCause: text,
      errors: text,
      result: fc.record({ form: fc.constantFrom('rows' as const, 'value' as const), maxRows: whole }),
      check: fc.record({ type: fc.constantFrom('count' as const, 'value' as const), equals: whole }),
      sqlComment: text,
      adopts: fc.record({ invocationKey: text, generation: whole }),
    },
    { requiredKeys: ['owner', 'invocationKey', 'status', 'generation', 'callback', 'startedAt'] },
  )
  .map((fields) => {
    const { attempt: _attempt, statementId: _statementId, ...required } = ITEM;
    return { ...required, ...fields };
  });
