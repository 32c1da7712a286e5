import { isTooLarge } from '../data/json.ts';
import type { ParallelState } from '../definition/states.ts';
import { dataLimitExceeded } from '../errors.ts';
import { runBranches, type StatesRunner } from './branches.ts';
import { withErrorHandling } from './error-handling.ts';
import type { Outcome, Visit } from './visit.ts';

export const runParallel = (visit: Visit<ParallelState>, runStates: StatesRunner): Promise<Outcome> =>
  withErrorHandling(
    visit,
    async () => {
      const { flow, state, name } = visit;
      const input = await visit.arguments();
      const { Branches: groups } = state;
      const results = await runBranches(flow, {
        count: groups.length,
        concurrency: groups.length,
        begun: () => flow.record('ParallelStateStarted'),
        run: (index, branch) => runStates(groups[index] as (typeof groups)[number], input, branch),
      });
      if (isTooLarge(results)) throw dataLimitExceeded(name);
      flow.joinBranches('ParallelStateSucceeded');
      return visit.succeed(results, state.Next);
    },
    () => visit.flow.failState('ParallelStateFailed'),
  );
