import { isTooLarge, type Json } from '../data/json.ts';
import { type MapState, processorOf } from '../definition/states.ts';
import { dataLimitExceeded, failureMembers, StateError } from '../errors.ts';
import type { MapRun, MapRunLimits } from '../map-run.ts';
import { withErrorHandling } from './error-handling.ts';
import { partsOf } from './item-batches.ts';
import { itemsIn, iterationInput } from './map-items.ts';
import type { Outcome, Visit } from './visit.ts';

/** Runs each item, or batch of items, in a child execution. */
export const runDistributedMap = (visit: Visit<MapState>): Promise<Outcome> =>
  withErrorHandling(
    visit,
    async () => {
      const { flow, name, state } = visit;
      const run = redriven(visit) ?? (await started(visit));
      const results = await followed(visit, run);
      if (isTooLarge(results)) throw dataLimitExceeded(name);
      flow.record('MapRunSucceeded');
      flow.note('MapStateSucceeded');
      return visit.succeed(results, state.Next);
    },
    (error) => (error instanceof StateError ? visit.flow.failState('MapStateFailed') : undefined),
  );

/** The Map Run to go on with after the execution was redriven. */
const redriven = ({ flow }: Visit<MapState>): MapRun | undefined => {
  const run = flow.takeMapRun();
  if (!run || run.status === 'SUCCEEDED') return run;
  run.redrive();
  flow.record('MapRunRedriven', {
    mapRunRedrivenEventDetails: { mapRunArn: run.arn, redriveCount: run.redriveCount },
  });
  return run;
};

const started = async (visit: Visit<MapState>): Promise<MapRun> => {
  const { flow, name, state } = visit;
  const { mapRuns } = flow.frame;
  const items = itemsIn(await visit.items(true));
  const maxConcurrency = (await visit.number('MaxConcurrency', { least: 0 })) ?? 0;
  flow.record('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const limits = { maxConcurrency, ...(await toleratedBy(visit)) };
  const inputs: Json[] = [];
  for (const item of items) inputs.push(await iterationInput(visit, item));
  const parts = await partsOf(visit, inputs);
  const run = await mapRuns.start({ name, label: state.Label, processor: processorOf(state), parts, limits });
  flow.record('MapRunStarted', { mapRunStartedEventDetails: { mapRunArn: run.arn } });
  return run;
};

const followed = async ({ flow }: Visit<MapState>, run: MapRun): Promise<readonly Json[]> => {
  flow.keepMapRun(run);
  try {
    return await run.run(flow.signal);
  } catch (error) {
    if (error instanceof StateError) flow.record('MapRunFailed', { mapRunFailedEventDetails: failureMembers(error) });
    throw error;
  }
};

const TOLERATED_COUNT = { least: 0, outOfBounds: 'ToleratedFailureCount cannot be negative.' };
const TOLERATED_PERCENTAGE = {
  least: 0,
  most: 100,
  fraction: true,
  outOfBounds: 'ToleratedFailurePercentage must be between 0 and 100.',
};

const toleratedBy = async (visit: Visit<MapState>): Promise<Omit<MapRunLimits, 'maxConcurrency'>> => ({
  toleratedFailureCount: (await visit.number('ToleratedFailureCount', TOLERATED_COUNT)) ?? 0,
  toleratedFailurePercentage: (await visit.number('ToleratedFailurePercentage', TOLERATED_PERCENTAGE)) ?? 0,
});
