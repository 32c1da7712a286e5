import { isTooLarge, type Json } from '../data/json.ts';
import { type MapState, processorOf } from '../definition/states.ts';
import { dataLimitExceeded, StateError } from '../errors.ts';
import { runBranches, type StatesRunner } from './branches.ts';
import { runDistributedMap } from './distributed-map.ts';
import { withErrorHandling } from './error-handling.ts';
import type { Flow } from './flow.ts';
import { itemsIn, iterationInput, type MapItem } from './map-items.ts';
import type { Outcome, Visit } from './visit.ts';

/** Step Functions runs no more iterations of an inline Map state at a time. */
const MOST_CONCURRENT = 40;

export const runMap = (visit: Visit<MapState>, runStates: StatesRunner): Promise<Outcome> =>
  processorOf(visit.state).ProcessorConfig?.Mode === 'DISTRIBUTED'
    ? runDistributedMap(visit)
    : runInline(visit, runStates);

/** Runs the iterations in the state's own execution. */
const runInline = (visit: Visit<MapState>, runStates: StatesRunner): Promise<Outcome> =>
  withErrorHandling(
    visit,
    async () => {
      const { flow, state, name } = visit;
      const items = itemsIn(await visit.items());
      const concurrency = (await visit.number('MaxConcurrency', { least: 0 })) || MOST_CONCURRENT;
      const results = await runBranches(flow, {
        count: items.length,
        concurrency: Math.min(concurrency, MOST_CONCURRENT),
        begun: () => flow.record('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } }),
        run: (index, branch) => runIteration(visit, items[index] as MapItem, branch, runStates),
      });
      if (isTooLarge(results)) throw dataLimitExceeded(name);
      flow.joinBranches('MapStateSucceeded');
      return visit.succeed(results, state.Next);
    },
    // What is wrong with the state's own fields in JSONPath fails the execution before the state is said to have failed.
    (error) => (error instanceof StateError ? visit.flow.failState('MapStateFailed') : undefined),
  );

const runIteration = async (
  visit: Visit<MapState>,
  item: MapItem,
  branch: Flow,
  runStates: StatesRunner,
): Promise<Json> => {
  const details = { name: visit.name, index: item.index };
  branch.beginIteration(details);
  try {
    const input = await iterationInput(visit, item);
    const output = await runStates(processorOf(visit.state), input, branch);
    branch.endIteration('Succeeded', details);
    return output;
  } catch (error) {
    if (!branch.signal.aborted) branch.endIteration('Failed', details);
    throw error;
  }
};
