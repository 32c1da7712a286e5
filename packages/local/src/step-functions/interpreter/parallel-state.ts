import { isTooLarge, type Json } from '../data/json.ts';
import type { ParallelState, StateGroup } from '../definition/states.ts';
import { dataLimitExceeded } from '../errors.ts';
import { withErrorHandling } from './error-handling.ts';
import type { Flow } from './flow.ts';
import type { Outcome, Visit } from './visit.ts';

/** How the states of a branch are run. */
export type StatesRunner = (group: StateGroup, input: Json, flow: Flow) => Promise<Json>;

/** Why the branches beside a failed one end. */
class BranchAbandoned extends Error {
  override readonly name = 'BranchAbandoned';
}

export const runParallel = (visit: Visit<ParallelState>, runStates: StatesRunner): Promise<Outcome> =>
  withErrorHandling(
    visit,
    async () => {
      const { state } = visit;
      const input = await visit.arguments();
      visit.flow.record('ParallelStateStarted');
      const results = await runBranches(state, input, visit.flow, runStates);
      if (isTooLarge(results)) throw dataLimitExceeded(visit.name);
      visit.flow.joinBranches('ParallelStateSucceeded');
      return visit.succeed(results, state.Next);
    },
    () => visit.flow.record('ParallelStateFailed'),
  );

/** Resolves with the outputs in the order of the branches; the first to fail ends the others, and their tokens with them. */
const runBranches = async (
  { Branches: groups }: ParallelState,
  input: Json,
  flow: Flow,
  runStates: StatesRunner,
): Promise<readonly Json[]> => {
  const abandoning = new AbortController();
  const abandon = () => abandoning.abort(flow.signal.reason);
  flow.signal.addEventListener('abort', abandon, { once: true });
  let failed: { readonly error: unknown; readonly eventId: number } | undefined;
  const branches = groups.map((group) => {
    const branch = flow.branch(abandoning.signal);
    return runStates(group, input, branch).catch((error: unknown) => {
      failed ??= { error, eventId: branch.lastEventId };
      abandoning.abort(new BranchAbandoned());
      return null;
    });
  });
  const outputs = await Promise.all(branches);
  flow.signal.removeEventListener('abort', abandon);
  flow.signal.throwIfAborted();
  if (!failed) return outputs;
  flow.abortBranches(failed.eventId);
  throw failed.error;
};
