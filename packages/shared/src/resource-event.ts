import * as z from 'zod/mini';
import type { ResourceCallback } from './callback.ts';
import { check } from './check.ts';
import { InvalidRequest } from './failure.ts';
import { isDeeperThan, MAX_LEVELS } from './levels.ts';
import { describeReceived, kindOf } from './received.ts';
import { notCreatedId } from './resource-id.ts';
import { isResponseUrl } from './response-url.ts';
import { text } from './text.ts';

/** CloudFormation takes no longer physical id. */
const MAX_ID_BYTES = 1024;

const physicalResourceId = text.check(
  z.refine((value) => Buffer.byteLength(value) <= MAX_ID_BYTES, {
    error: `must be at most ${MAX_ID_BYTES} bytes of UTF-8`,
  }),
);
const properties = z.optional(z.record(z.string(), z.unknown()));

const resourceEvent = z.looseObject(
  {
    RequestType: z.enum(['Create', 'Update', 'Delete']),
    ResponseURL: z
      .string()
      .check(z.refine(isResponseUrl, { error: "must be a response URL of CloudFormation's" }), z.maxLength(4096)),
    StackId: text.check(
      z.regex(/^arn:[^:]+:cloudformation:[^:]*:[^:]*:stack\/.+$/, { error: 'must be the ARN of a stack' }),
      z.maxLength(512),
    ),
    RequestId: text.check(z.maxLength(128)),
    LogicalResourceId: text.check(z.maxLength(255)),
    PhysicalResourceId: z.optional(physicalResourceId),
    ResourceProperties: properties,
    OldResourceProperties: properties,
  },
  { error: 'must be a JSON object' },
);

/** A request of CloudFormation to a custom resource. Fields that are not known are left alone: CloudFormation may add some. */
export type ResourceEvent = z.output<typeof resourceEvent>;

/** Whether a payload is, or was meant to be, an event of a custom resource. */
export const isResourceEvent = (payload: unknown): payload is Record<string, unknown> =>
  typeof payload === 'object' && payload !== null && ('RequestType' in payload || 'ResponseURL' in payload);

/**
 * Checks what every event must hold, so that it can be answered; not what is asked for.
 * @throws InvalidRequest naming the field at fault: nobody can be answered
 */
export const parseResourceEvent = (payload: unknown): ResourceEvent => {
  if (isDeeperThan(MAX_LEVELS, payload)) {
    throw new InvalidRequest('request', `must be nested no deeper than ${MAX_LEVELS} levels`, kindOf(payload));
  }
  const event = check(resourceEvent, payload, ({ place, problem, received }) => {
    throw new InvalidRequest(place || 'request', problem, describeReceived(place, received));
  });
  if (event.RequestType === 'Create' || event.PhysicalResourceId !== undefined) return event;
  throw new InvalidRequest('PhysicalResourceId', `is required for ${event.RequestType}`, 'nothing');
};

/** Whom to tell that the request was refused: of a Create nothing is there, of the others what was there before. */
export const refusalCallbackOf = (event: ResourceEvent): ResourceCallback => {
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId } = event;
  return {
    type: 'cloudFormation',
    requestType: RequestType,
    responseUrl: ResponseURL,
    stackId: StackId,
    requestId: RequestId,
    logicalResourceId: LogicalResourceId,
    physicalResourceId: (RequestType !== 'Create' && PhysicalResourceId) || notCreatedId(LogicalResourceId),
  };
};
