import type { Callback } from './callback.ts';
import { callbackOf } from './callback-of-request.ts';
import { check } from './check.ts';
import { InvalidRequest } from './failure.ts';
import { START_OPTIONS } from './field-groups.ts';
import { isDeeperThan, MAX_LEVELS } from './levels.ts';
import { CONTRACT_VERSION } from './names.ts';
import { pick } from './pick.ts';
import { describeReceived, kindOf } from './received.ts';
import { type RowsWanted, rowsWantedOf } from './result-request.ts';
import { type SessionRequest, sessionIn } from './session-request.ts';
import type { BatchRequest, StartRequest } from './start-request.ts';
import {
  type Attempt,
  EVENT_FIELDS,
  type FieldName,
  LATEST,
  type RequestFields,
  requestFields,
} from './task-request-fields.ts';
import { type UnknownField, unknownFields } from './unknown-fields.ts';

/** A statement by its id, or the newest one that this invoker started for an execution (optionally: in one state). */
export type StatementReference = { readonly id: string } | { readonly latestOf: string; readonly state?: string };

export interface ExecuteRequest extends RowsWanted {
  /** A singleton does not start while one like it runs: same SQL, parameters, target, database and user. */
  readonly action: 'executeStatement' | 'executeSingletonStatement';
  readonly sqlStatement: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly callback: Callback;
  readonly executionArn?: string;
  readonly attempt?: Attempt;
  /** What a retry does with the statement of an attempt before it; `adopt` where nothing is said. */
  readonly onRetry?: 'adopt' | 'restart';
  /** Requests with the same key share one statement. */
  readonly idempotencyKey?: string;
  /** Whether the statement is cancelled once nobody waits for it any more; absent: `cancel`. */
  readonly onTimeout?: 'cancel' | 'leave';
  /** Of all statements of this tasker that name the lock only one runs at a time; `fail`: the others are refused. */
  readonly lock?: { readonly name: string; readonly mode: 'fail' };
  /** The session that it runs in; absent: one of its own, which ends with it. */
  readonly session?: SessionRequest;
  /** Asks for heartbeats to the task, or to the callback, while the statement lives. */
  readonly heartbeatSeconds?: number;
  /** The statement is cancelled when it runs longer, counted from the start. */
  readonly maxRuntimeSeconds?: number;
  /** What names the error of a statement that fails: its end state (absent: that), or its cause. */
  readonly errors?: 'state' | 'cause';
}

export interface ReferenceRequest {
  readonly action: 'describeStatement' | 'cancelStatement' | 'getStatementResult';
  readonly statement: StatementReference;
  /** Only with `getStatementResult`: the page to read. */
  readonly nextToken?: string;
}

/** What the invoker was asked to do: step 1 to 2, task → invoker. */
export type TaskRequest = StartRequest | ReferenceRequest;

export interface ParsedRequest {
  readonly request: TaskRequest;
  /** Fields that a newer sender used and this build does not know; ignored, to be logged. */
  readonly ignoredFields: readonly string[];
}

/**
 * Checks a payload and translates it.
 * @throws InvalidRequest naming the first field at fault and what it held.
 */
export const parseTaskRequest = (payload: unknown): ParsedRequest => {
  refuseTooDeep(payload);
  const fields = check(requestFields, payload, ({ place, problem, received }) =>
    invalid(place || 'request', problem, received),
  );
  const unknown = unknownFields(payload, fields);
  refuseUnknown(unknown, fields);
  refusePresent(fields, EVENT_FIELDS, 'belongs to a CloudFormation event, which this is not');
  const action = actionOf(fields);
  const request = isReference(action) ? referenceRequest(action, fields) : executeRequest(action, fields);
  return { request, ignoredFields: unknown.map(({ place }) => place) };
};

/** The payload that `parseTaskRequest` reads as this request. */
export const encodeTaskRequest = (request: TaskRequest): Record<string, unknown> => {
  const common = { contractVersion: CONTRACT_VERSION, action: request.action };
  if (isReferenceRequest(request)) {
    const { statement, nextToken } = request;
    const reference =
      'id' in statement
        ? { statementId: statement.id }
        : { statementId: LATEST, executionArn: statement.latestOf, ...(statement.state && { state: statement.state }) };
    return { ...common, ...reference, ...(nextToken && { nextToken }) };
  }
  const { parameters, callback } = request;
  return {
    ...common,
    ...('sqlStatements' in request ? pick(request, BATCH_FIELDS) : { sqlStatement: request.sqlStatement }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...pick(request, [...AS_THEY_CAME, 'lock', 'session']),
    ...(callback.type === 'stepFunctions' && { taskToken: callback.taskToken }),
    ...(callback.type === 'durableFunction' && { durableCallbackId: callback.callbackId }),
  };
};

/** Whether a request asks after a statement, and starts none. */
export const isReferenceRequest = (request: TaskRequest): request is ReferenceRequest => isReference(request.action);

const isReference = (action: TaskRequest['action']): action is ReferenceRequest['action'] =>
  !(STARTS as readonly string[]).includes(action);

const STARTS = ['executeStatement', 'executeSingletonStatement', 'batchExecuteStatement'] as const;
const BATCH_FIELDS = ['sqlStatements', 'executionMode'] as const;

const refuseTooDeep = (payload: unknown): void => {
  if (!isDeeperThan(MAX_LEVELS, payload)) return;
  throw new InvalidRequest('request', `must be nested no deeper than ${MAX_LEVELS} levels`, kindOf(payload));
};

// A newer sender may know fields that we do not.
const refuseUnknown = (unknown: readonly UnknownField[], { contractVersion }: RequestFields): void => {
  const [first] = unknown;
  if (first === undefined || (contractVersion ?? 0) > CONTRACT_VERSION) return;
  invalid(first.place, 'is not a field of a request', first.received);
};

const actionOf = (fields: RequestFields): TaskRequest['action'] => {
  const action = fields.action ?? impliedAction(fields);
  if (action === undefined) return refuse('action', fields, 'is required when there is no sqlStatement');
  return action;
};

const impliedAction = ({ sqlStatement, sqlStatements }: RequestFields): StartRequest['action'] | undefined => {
  if (sqlStatement !== undefined) return 'executeStatement';
  return sqlStatements && 'batchExecuteStatement';
};

type Started =
  | Pick<ExecuteRequest, 'action' | 'sqlStatement'>
  | Pick<BatchRequest, 'action' | (typeof BATCH_FIELDS)[number]>;

const startedBy = (action: StartRequest['action'], fields: RequestFields): Started => {
  const { sqlStatement, sqlStatements, executionMode = 'TRANSACTION' } = fields;
  const isBatch = action === 'batchExecuteStatement';
  refusePresent(fields, isBatch ? ['sqlStatement'] : BATCH_FIELDS, `does not go with ${action}`);
  if (isBatch) {
    refusePresent(fields, ['check'], `does not go with ${action}: a check looks at one statement`);
    return sqlStatements
      ? { action, sqlStatements, executionMode }
      : refuse('sqlStatements', fields, `is required by ${action}`);
  }
  return sqlStatement === undefined
    ? refuse('sqlStatement', fields, `is required by ${action}`)
    : { action, sqlStatement };
};

const executeRequest = (action: StartRequest['action'], fields: RequestFields): StartRequest => {
  refusePresent(fields, ['statementId', 'nextToken', 'state'], `does not go with ${action}`);
  const started = startedBy(action, fields);
  const callback = callbackOf(fields, (field, problem) => refuse(field, fields, problem));
  refuseIdleOnRetry(fields);
  const lock = lockIn(action, fields);
  const session = sessionIn(fields, invalid);
  const rows = rowsWantedOf(fields, callback.type !== 'none');
  return {
    ...started,
    parameters: Object.fromEntries(
      Object.entries(fields.parameters ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    callback,
    ...pick({ ...fields, ...rows }, AS_THEY_CAME),
    ...(lock && { lock }),
    ...(session && { session }),
  };
};

const AS_THEY_CAME = ['executionArn', 'attempt', ...START_OPTIONS] as const;

// A singleton is a lock of its own kind: its name is made from the statement.
const lockIn = (action: StartRequest['action'], fields: RequestFields): ExecuteRequest['lock'] => {
  if (action === 'executeSingletonStatement') refusePresent(fields, ['lock'], `does not go with ${action}`);
  if (!fields.lock) return undefined;
  const { name, mode = 'fail' } = fields.lock;
  return mode === 'fail' ? { name, mode } : invalid('lock.mode', 'belongs to the contract but is not built yet', mode);
};

// Nobody shall take for granted what would not happen.
const refuseIdleOnRetry = (fields: RequestFields): void => {
  const { onRetry, attempt, idempotencyKey } = fields;
  if (onRetry === undefined) return;
  if (attempt === undefined) refuse('onRetry', fields, 'needs attempt, which tells a retry from a first try');
  if (idempotencyKey !== undefined) refuse('onRetry', fields, 'does not go with idempotencyKey');
};

const OF_STARTS = ['sqlStatement', ...BATCH_FIELDS, 'parameters', ...START_OPTIONS, 'lock', 'session'] as const;

const referenceRequest = (action: ReferenceRequest['action'], fields: RequestFields): ReferenceRequest => {
  refusePresent(fields, OF_STARTS, `does not go with ${action}`);
  refusePresent(fields, ['durableCallbackId'], `does not go with ${action}, which answers at once`);
  refusePresent(
    fields,
    ['taskToken'],
    `does not go with ${action}, which answers at once: call it without .waitForTaskToken`,
  );
  if (action !== 'getStatementResult') refusePresent(fields, ['nextToken'], `does not go with ${action}`);
  return {
    action,
    statement: referenceOf(action, fields),
    ...(fields.nextToken !== undefined && { nextToken: fields.nextToken }),
  };
};

const referenceOf = (action: string, fields: RequestFields): StatementReference => {
  const { statementId, executionArn, state } = fields;
  if (statementId === undefined) return refuse('statementId', fields, `is required by ${action}`);
  if (statementId !== LATEST) {
    refusePresent(fields, ['state'], 'goes with statementId LATEST only');
    return { id: statementId };
  }
  if (executionArn === undefined)
    return refuse('executionArn', fields, 'is required with statementId LATEST (send $$.Execution.Id)');
  return { latestOf: executionArn, ...(state !== undefined && { state }) };
};

const refusePresent = (fields: RequestFields, names: readonly FieldName[], problem: string): void => {
  const field = names.find((name) => fields[name] !== undefined);
  if (field) refuse(field, fields, problem);
};

const refuse = (field: FieldName, fields: RequestFields, problem: string): never =>
  invalid(field, problem, fields[field]);

const invalid = (place: string, problem: string, received: unknown): never => {
  throw new InvalidRequest(place, problem, describeReceived(place, received));
};
