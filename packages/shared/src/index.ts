/**
 * The contract, and what both sides need to keep it. Beside it there are entries of their own: `names`, which imports nothing, for the
 * construct to be generated from; what brings along a client of AWS's or Powertools, which not all who speak the contract need
 * (`assume-role`, `exact-results`, `telemetry`); what the completer loads only when a statement has failed (`error-causes`); and
 * what users import into functions of their own (`durable-function`).
 */
export { type AwsFailure, type AwsFailureKind, awsFailureOf } from './aws-failure.ts';
export type { Callback, ResourceCallback } from './callback.ts';
export { uncancellableStateOf } from './cancel-refusal.ts';
export { type Environment, environmentVariable } from './environment.ts';
export { type ExecutionEvent, isExecutionEvent, parseExecutionEvent } from './execution-event.ts';
export { type FailedInvocation, isFailedInvocation, parseFailedInvocation } from './failed-invocation.ts';
export {
  ConcurrentExecution,
  InvalidRequest,
  MalformedMessage,
  PreviousExecutionNotFound,
  ResponseTooLarge,
  SessionBusy,
  SessionGone,
  StartInProgress,
  StartUncertain,
  TaskerError,
} from './failure.ts';
export { TASK_WISHES } from './field-groups.ts';
export { callbackRefusalOf, heartbeatRefusalOf } from './heartbeat-refusal.ts';
export {
  decodeLockRow,
  HOLDS_LOCK,
  holdsLockValues,
  keyOfHolder,
  LOCK_NAMES,
  type LockedItem,
  type LockHolder,
  lockHolderOf,
  lockKeyOf,
  lockOf,
  needsLock,
  RELEASE_LOCK,
  type SingletonPlace,
} from './lock.ts';
export * as names from './names.ts';
export { pick } from './pick.ts';
export { encodeRefusedMessage, isRefusedMessage, parseRefusedMessage, type RefusedMessage } from './refused-message.ts';
export { type HeldLocks, releaseLock } from './release-lock.ts';
export { isResourceEvent, parseResourceEvent, refusalCallbackOf } from './resource-event.ts';
export { planResource, type ResourcePlan } from './resource-plan.ts';
export { isLaterRequest } from './response-url.ts';
export type {
  CheckOutput,
  JsonValue,
  ResultColumn,
  ResultOutput,
  ResultRow,
  ResultSummary,
  RowsTold,
} from './result-output.ts';
export type { CheckedValue, DataCheck, ResultBucket, ResultForm, ResultRequest } from './result-request.ts';
export type { SessionRequest } from './session-request.ts';
export { ownSql, sqlCommentOf, withOwnPosition, withSqlComment } from './sql-comment.ts';
export { normalizedSql, sha256, shortSql, withoutCredentials } from './sql-text.ts';
export {
  type BatchRequest,
  type ExecutionMode,
  type StartRequest,
  shortSqlOf,
  sqlsOf,
  workHashOf,
} from './start-request.ts';
export {
  END_STATES,
  type EndState,
  encodeStatementEvent,
  isEndState,
  parseStatementEvent,
  type StatementEvent,
  UNKNOWN_NUMBER,
} from './statement-event.ts';
export {
  boundedOwner,
  checkPrefix,
  decodeStatementName,
  encodeStatementName,
  type TrackingKey,
} from './statement-name.ts';
export {
  type ExecuteRequest,
  encodeTaskRequest,
  isReferenceRequest,
  parseTaskRequest,
  type ReferenceRequest,
  type StatementReference,
  type TaskRequest,
} from './task-request.ts';
export type { Attempt } from './task-request-fields.ts';
export {
  type BatchEvidence,
  failureOf,
  otherFailureOf,
  plainFailure,
  type StatementEvidence,
  successOf,
  type TaskResult,
} from './task-result.ts';
export { executionNameOf, threadOf } from './thread.ts';
export {
  clientTokenOf,
  decodeTrackingItem,
  encodeTrackingItem,
  type Outcome,
  openValueOf,
  resourceKeyOf,
  type TrackingItem,
  trackingKeyOf,
} from './tracking-item.ts';
export { encodeUnneededMessage, isUnneededMessage, parseUnneededMessage } from './unneeded-message.ts';
