import type { MiddlewareObj } from '@middy/core';
import type { Telemetry } from '@sfn-redshift/shared/telemetry';
import { AwsCallFailed, callerErrorOf } from './aws-call-failed.ts';

/** Turns whatever was thrown into what the caller may see, and logs its name: a text may quote the request. */
export const callerErrors = (telemetry: Telemetry): MiddlewareObj<unknown, object> => ({
  onError: (request) => {
    const error = callerErrorOf(request.error);
    const requestId = error instanceof AwsCallFailed ? error.requestId : undefined;
    telemetry.error('request failed', { error: error.name, awsRequestId: requestId });
    request.error = error;
  },
});
