import type { Callback } from './callback.ts';
import { check, type Finding, pathText } from './check.ts';
import { InvalidRequest } from './failure.ts';
import { CONTRACT_VERSION } from './names.ts';
import { shortSql } from './sql-text.ts';
import {
  ACTIONS_NOT_BUILT,
  type Attempt,
  FIELD_NAMES,
  FIELDS_NOT_BUILT,
  type FieldName,
  isSecretField,
  LATEST,
  type RequestFields,
  requestFields,
} from './task-request-fields.ts';

/** A statement by its id, or the newest one that this invoker started for an execution (optionally: in one state). */
export type StatementReference = { readonly id: string } | { readonly latestOf: string; readonly state?: string };

export interface ExecuteRequest {
  readonly action: 'executeStatement';
  readonly sqlStatement: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly callback: Callback;
  readonly executionArn?: string;
  readonly attempt?: Attempt;
}

export interface ReferenceRequest {
  readonly action: 'describeStatement' | 'cancelStatement' | 'getStatementResult';
  readonly statement: StatementReference;
  /** Only with `getStatementResult`: the page to read. */
  readonly nextToken?: string;
}

/** What the invoker was asked to do: step 1 to 2, task → invoker. */
export type TaskRequest = ExecuteRequest | ReferenceRequest;

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
  const raw = asObject(payload);
  const ignoredFields = refuseUnknownFields(raw);
  const fields = check(requestFields, raw, (finding) => refuseFinding(finding, raw));
  refuseNotBuilt(fields);
  const action = actionOf(fields);
  const request = action === 'executeStatement' ? executeRequest(fields) : referenceRequest(action, fields);
  return { request, ignoredFields };
};

/** The payload that `parseTaskRequest` reads as this request. */
export const encodeTaskRequest = (request: TaskRequest): Record<string, unknown> => {
  const common = { contractVersion: CONTRACT_VERSION, action: request.action };
  if (request.action !== 'executeStatement') {
    const { statement, nextToken } = request;
    const reference =
      'id' in statement
        ? { statementId: statement.id }
        : { statementId: LATEST, executionArn: statement.latestOf, ...(statement.state && { state: statement.state }) };
    return { ...common, ...reference, ...(nextToken && { nextToken }) };
  }
  const { sqlStatement, parameters, callback, executionArn, attempt } = request;
  return {
    ...common,
    sqlStatement,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(executionArn && { executionArn }),
    ...(attempt && { attempt }),
    ...(callback.type === 'stepFunctions' && { taskToken: callback.taskToken }),
  };
};

const asObject = (payload: unknown): Record<string, unknown> => {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload))
    return payload as Record<string, unknown>;
  throw new InvalidRequest('request', 'must be a JSON object', describe('request', payload));
};

const refuseUnknownFields = (raw: Record<string, unknown>): string[] => {
  const unknown = Object.keys(raw).filter((name) => !FIELD_NAMES.includes(name as FieldName));
  const fromNewerSender = typeof raw['contractVersion'] === 'number' && raw['contractVersion'] > CONTRACT_VERSION;
  const [first] = unknown;
  if (first === undefined || fromNewerSender || 'RequestType' in raw) return unknown;
  throw new InvalidRequest(first, 'is not a field of a request', describe(first, raw[first]));
};

const refuseFinding = ({ path, problem }: Finding, raw: unknown): never => {
  const field = pathText(path);
  const received = path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    raw,
  );
  throw new InvalidRequest(field, problem, describe(field, received));
};

const refuseNotBuilt = (fields: RequestFields): void => {
  const field = FIELDS_NOT_BUILT.find((name) => fields[name] !== undefined);
  if (field) refuse(field, fields, 'belongs to the contract but is not built yet');
};

const actionOf = (fields: RequestFields): TaskRequest['action'] => {
  const action = fields.action ?? (fields.sqlStatement === undefined ? undefined : 'executeStatement');
  if (action === undefined) return refuse('action', fields, 'is required when there is no sqlStatement');
  if (ACTIONS_NOT_BUILT.includes(action)) refuse('action', fields, 'belongs to the contract but is not built yet');
  return action as TaskRequest['action'];
};

const executeRequest = (fields: RequestFields): ExecuteRequest => {
  refusePresent(fields, ['statementId', 'nextToken', 'state'], 'does not go with executeStatement');
  const { sqlStatement, executionArn, taskToken, attempt } = fields;
  if (sqlStatement === undefined) return refuse('sqlStatement', fields, 'is required by executeStatement');
  if (taskToken !== undefined && executionArn === undefined) {
    refuse('executionArn', fields, 'is required with taskToken (send $$.Execution.Id)');
  }
  if (attempt !== undefined && executionArn === undefined) {
    refuse('executionArn', fields, 'is required with attempt (send $$.Execution.Id)');
  }
  return {
    action: 'executeStatement',
    sqlStatement,
    parameters: Object.fromEntries(
      Object.entries(fields.parameters ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    callback: taskToken === undefined ? { type: 'none' } : { type: 'stepFunctions', taskToken },
    ...(executionArn !== undefined && { executionArn }),
    ...(attempt !== undefined && { attempt }),
  };
};

const referenceRequest = (action: ReferenceRequest['action'], fields: RequestFields): ReferenceRequest => {
  refusePresent(fields, ['sqlStatement', 'parameters'], `does not go with ${action}`);
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

const refuse = (field: FieldName, fields: RequestFields, problem: string): never => {
  throw new InvalidRequest(field, problem, describe(field, fields[field]));
};

/** What was received, short and without secrets, for the error's text. */
const describe = (field: string, value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (isSecretField(field)) return `${Array.isArray(value) ? 'array' : typeof value} (not shown)`;
  if (typeof value === 'string') return `${JSON.stringify(shorten(shortSql(value)))} (${value.length} characters)`;
  return shorten(JSON.stringify(value) ?? typeof value);
};

const shorten = (value: string): string => (value.length <= 80 ? value : `${value.slice(0, 79)}…`);
