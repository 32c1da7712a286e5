import type { FieldName } from './task-request-fields.ts';

/**
 * What the task that waits asks for. An item keeps these as they came, and another task that takes its statement over brings
 * its own.
 */
export const TASK_WISHES = [
  'heartbeatSeconds',
  'maxRuntimeSeconds',
  'errors',
  'result',
  'check',
] as const satisfies readonly FieldName[];

/** Of a request that starts something, what it says beside its SQL and holds as it came. */
export const START_OPTIONS = [
  'onRetry',
  'idempotencyKey',
  'onTimeout',
  ...TASK_WISHES,
] as const satisfies readonly FieldName[];
