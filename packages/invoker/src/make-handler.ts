import middy from '@middy/core';
import { publishedCounts } from '@sfn-redshift/shared/telemetry';
import type { Context } from 'aws-lambda';
import { callerErrors } from './caller-errors.ts';
import type { InvokerDependencies } from './dependencies.ts';
import { invoke } from './invoke.ts';

/** The pipeline around `invoke`; hooks after it run in reverse, so the counts are published last. */
export const makeHandler = (dependencies: InvokerDependencies) =>
  middy((payload: unknown, context: Context): Promise<object> => {
    const deadline = dependencies.now() + context.getRemainingTimeInMillis();
    return invoke(payload, { requestId: context.awsRequestId, deadline }, dependencies);
  })
    .use(publishedCounts(dependencies.telemetry))
    .use(callerErrors(dependencies.telemetry));
