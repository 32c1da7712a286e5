import { InvalidRequest } from './failure.ts';
import { describeReceived } from './received.ts';
import type { ResourceEvent } from './resource-event.ts';
import { type ExecuteRequest, isReferenceRequest, parseTaskRequest } from './task-request.ts';

/**
 * Fields of a request that a function of the user's adds to the event before it passes that on, as with
 * cdk-stepfunctions-redshift 1.123: it answers to CloudFormation itself only what it has not passed on.
 */
const FORWARDED = ['contractVersion', 'action', 'sqlStatement', 'parameters', 'lock', 'maxRuntimeSeconds'] as const;

/** Fields of a request that CloudFormation cannot be served by. */
const NOT_FORWARDED = [
  'sqlStatements',
  'executionMode',
  'executionArn',
  'taskToken',
  'attempt',
  'statementId',
  'state',
  'nextToken',
  'result',
  'check',
  'errors',
  'heartbeatSeconds',
  'onTimeout',
  'onRetry',
  'session',
  'idempotencyKey',
  'durableCallbackId',
] as const;

export const isForwarded = (event: ResourceEvent): boolean =>
  [...FORWARDED, ...NOT_FORWARDED].some((name) => name !== 'contractVersion' && event[name] !== undefined);

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
