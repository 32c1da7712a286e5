import type { CallFault } from '@sfn-redshift/local';
import type { FaultKind } from './fault-kind.ts';

/** The taskers' functions, by what their own code calls. */
export const FUNCTIONS = /(First|Narrow|FirstTargetsOther)(Invoker|Drain|Sweep)/;

/** What the functions call of AWS. */
const OPERATIONS = [
  'ExecuteStatement',
  'DescribeStatement',
  'CancelStatement',
  'GetItem',
  'PutItem',
  'UpdateItem',
  'Query',
  'SendTaskSuccess',
  'SendTaskFailure',
  'SendTaskHeartbeat',
  'SendMessage',
  'AssumeRole',
  'BatchExecuteStatement',
  'ListSessions',
] as const;

/** More than the SDK repeats within one invocation. */
const BEYOND_THE_SDK = 4;

type Effect = Pick<CallFault, 'do' | 'uses' | 'when'>;

export const EFFECTS: readonly (readonly [name: string, effect: Effect])[] = [
  ['is throttled', { do: 'throttle', uses: BEYOND_THE_SDK }],
  ['fails with a 5xx', { do: 'serverError', uses: BEYOND_THE_SDK }],
  ['fails with a 5xx after it has taken effect', { do: 'serverError', when: 'after', uses: BEYOND_THE_SDK }],
  ['is cut off before it takes effect', { do: 'disconnect', uses: BEYOND_THE_SDK }],
  ['is cut off after it has taken effect', { do: 'disconnect', when: 'after', uses: BEYOND_THE_SDK }],
  ['kills its function before it takes effect', { do: 'kill', uses: 1 }],
  ['kills its function after it has taken effect', { do: 'kill', when: 'after', uses: 1 }],
  ['kills its function once it is answered', { do: 'kill', when: 'answered', uses: 1 }],
];

/** Credentials of an assumed role are kept for an hour. */
const AFTER_MINUTES: Readonly<Record<string, number>> = { AssumeRole: 61 };

const named = (operation: string, what: string, effect: Effect & Partial<CallFault>): FaultKind => ({
  name: `${operation} ${what}`,
  befalls: operation,
  effect: what,
  faults: [{ on: 'call', caller: FUNCTIONS, operation, ...effect }],
  afterMinutes: AFTER_MINUTES[operation] ?? 0,
});

const kms = (operation: string, error: string): FaultKind =>
  named(operation, `fails with ${error}`, { do: 'fail', error, status: 400, uses: BEYOND_THE_SDK });

/** What befalls calls of the functions: every effect on every operation. */
export const CALL_KINDS: readonly (readonly FaultKind[])[] = OPERATIONS.map((operation) =>
  EFFECTS.map(([name, effect]) => named(operation, name, effect)),
);

/** The key of queue or state machine cannot be used for a while. */
export const KMS_KINDS: readonly FaultKind[] = [
  kms('SendMessage', 'KmsThrottled'),
  kms('SendMessage', 'KmsInvalidState'),
  kms('SendTaskSuccess', 'KmsThrottlingException'),
  kms('SendTaskSuccess', 'KmsInvalidStateException'),
  kms('SendTaskFailure', 'KmsThrottlingException'),
];

/** Nobody knows whether it has taken effect; the caller gives up after some seconds. */
export const HANGING_KINDS: readonly FaultKind[] = ['ExecuteStatement', 'UpdateItem', 'SendTaskSuccess'].map(
  (operation) => ({ ...named(operation, 'is never answered', { do: 'hang', when: 'after', uses: 1 }), isSlow: true }),
);
