import { InvalidRequest } from './failure.ts';
import { describeReceived } from './received.ts';
import type { ResourceEvent } from './resource-event.ts';
import { type ExecuteRequest, isReferenceRequest, parseTaskRequest } from './task-request.ts';
import { EVENT_FIELDS, FIELD_NAMES, type FieldName } from './task-request-fields.ts';

const isIn = (names: readonly FieldName[], name: FieldName): boolean => names.includes(name);

/**
 * Fields of a request that a function of the user's adds to the event before it passes that on, as with
 * cdk-stepfunctions-redshift 1.123: it answers to CloudFormation itself only what it has not passed on.
 */
const FORWARDED = [
  'contractVersion',
  'action',
  'sqlStatement',
  'parameters',
  'lock',
  'maxRuntimeSeconds',
] as const satisfies readonly FieldName[];

const OF_REQUESTS = FIELD_NAMES.filter((name) => !isIn(EVENT_FIELDS, name));

/** Fields of a request that CloudFormation cannot be served by. */
const NOT_FORWARDED = OF_REQUESTS.filter((name) => !isIn(FORWARDED, name));

export const isForwarded = (event: ResourceEvent): boolean =>
  OF_REQUESTS.some((name) => name !== 'contractVersion' && event[name] !== undefined);

/** @throws InvalidRequest naming the field at fault */
export const forwardedRequest = (event: ResourceEvent): ExecuteRequest => {
  for (const name of NOT_FORWARDED) {
    if (event[name] !== undefined) refuse(name, 'does not go with a CloudFormation event', event[name]);
  }
  if (event['action'] === 'batchExecuteStatement')
    refuse('action', 'does not go with a CloudFormation event', event['action']);
  const given = FORWARDED.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]] as const]));
  const { request } = parseTaskRequest(Object.fromEntries(given));
  if (isReferenceRequest(request) || 'sqlStatements' in request) {
    return refuse('action', 'must be one that starts a statement in a CloudFormation event', request.action);
  }
  return request;
};

const refuse = (field: string, problem: string, received: unknown): never => {
  throw new InvalidRequest(field, problem, describeReceived(field, received));
};
