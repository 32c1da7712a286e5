export { type AwsFailure, type AwsFailureKind, awsFailureOf } from './aws-failure.ts';
export { type Callback, callbackSchema, type ResourceCallback } from './callback.ts';
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
export { isResourceEvent, parseResourceEvent, type ResourceEvent, refusalCallbackOf } from './resource-event.ts';
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
  StoredRows,
} from './result-output.ts';
export type { CheckedValue, DataCheck, ResultBucket, ResultForm, ResultRequest, RowsWanted } from './result-request.ts';
export type { SessionRequest } from './session-request.ts';
export { ownSql, sqlCommentOf, withOwnPosition, withSqlComment } from './sql-comment.ts';
export { normalizedSql, sha256, shortSql, withoutCredentials, workHash } from './sql-text.ts';
export {
  type BatchRequest,
  type ExecutionMode,
  type StartedWork,
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
  type ParsedRequest,
  parseTaskRequest,
  type ReferenceRequest,
  type StatementReference,
  type TaskRequest,
} from './task-request.ts';
export type { Attempt } from './task-request-fields.ts';
export {
  type BatchEvidence,
  type FailureEvidence,
  failureOf,
  otherFailureOf,
  plainFailure,
  type StatementEvidence,
  successOf,
  type TaskResult,
} from './task-result.ts';
export { type Thread, type Threaded, threadOf, threadOfName } from './thread.ts';
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
