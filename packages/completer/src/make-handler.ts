import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { DrainDependencies } from './dependencies.ts';
import { publishTelemetry } from './publish-telemetry.ts';
import { settleBatch } from './settle-batch.ts';

/** The pipeline around `settleBatch`. */
export const makeHandler = (dependencies: DrainDependencies) =>
  middy<SQSEvent, SQSBatchResponse>()
    .use(publishTelemetry(dependencies.telemetry))
    .handler(({ Records }, context) => settleBatch(Records, context.getRemainingTimeInMillis(), dependencies));
