import middy from '@middy/core';
import { publishedCounts } from '@sfn-redshift/shared/telemetry';
import type { Context, ScheduledEvent } from 'aws-lambda';
import type { SweepDependencies } from './dependencies.ts';
import { runSweep } from './run-sweep.ts';

/** The pipeline around `runSweep`. What the event says does not matter: the clock tells what is due. */
export const makeSweepHandler = (dependencies: SweepDependencies) =>
  middy<ScheduledEvent, void>()
    .use(publishedCounts(dependencies.telemetry))
    .handler((_event, context: Context) => runSweep(() => context.getRemainingTimeInMillis(), dependencies));
