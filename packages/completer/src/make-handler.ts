import middy from '@middy/core';
import { publishedCounts } from '@sfn-redshift/shared/telemetry';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { DrainDependencies } from './dependencies.ts';
import { settleBatch } from './settle-batch.ts';

/** The pipeline around `settleBatch`. */
export const makeHandler = (dependencies: DrainDependencies) =>
  middy<SQSEvent, SQSBatchResponse>()
    .use(publishedCounts(dependencies.telemetry))
    .handler(({ Records }, context: Context) => settleBatch(Records, context.getRemainingTimeInMillis(), dependencies));
