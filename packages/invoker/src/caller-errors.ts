import type { MiddlewareObj } from '@middy/core';
import { executionNameOf, TaskerError } from '@sfn-redshift/shared';
import type { Telemetry } from '@sfn-redshift/shared/telemetry';
import { AwsCallFailed, callerErrorOf } from './aws-call-failed.ts';

/** No ARN of an execution is longer. */
const MAX_ARN_LENGTH = 380;

/** Turns whatever was thrown into what the caller may see. Logs its name, as a text may quote the request, and who had asked. */
export const callerErrors = (telemetry: Telemetry): MiddlewareObj<unknown, object> => ({
  onError: (request) => {
    const error = callerErrorOf(request.error);
    const requestId = error instanceof AwsCallFailed ? error.requestId : undefined;
    const { awsRequestId: invocationId } = request.context;
    const executionName = executionIn(request.event);
    telemetry.error('request failed', { error: error.name, awsRequestId: requestId, invocationId, executionName });
    request.error = withoutFrames(error);
  },
});

/** Lambda hands the stack over as `trace`, into the cause of a state: of a refusal it tells nobody anything. */
const withoutFrames = (error: Error): Error => {
  if (error instanceof TaskerError) error.stack = `${error.name}: ${error.message}`;
  return error;
};

/** Of a payload that may not have been checked, no more than this is logged, and only in the form that it should have. */
const executionIn = (payload: unknown): string | undefined => {
  const { executionArn } = (payload ?? {}) as { executionArn?: unknown };
  return typeof executionArn === 'string' ? executionNameOf(executionArn.slice(0, MAX_ARN_LENGTH)) : undefined;
};
