import type { Json } from '../data/json.ts';
import type { StateGroup } from '../definition/states.ts';
import type { Flow } from './flow.ts';

/** How the states of a branch are run. */
export type StatesRunner = (group: StateGroup, input: Json, flow: Flow) => Promise<Json>;

/** Why the branches beside a failed one end. */
class BranchAbandoned extends Error {
  override readonly name = 'BranchAbandoned';
}

export interface Branches {
  readonly count: number;
  /** How many run at a time. */
  readonly concurrency: number;
  /** Called once, before any branch runs, unless the attempt goes on with branches of before. */
  readonly begun: () => void;
  readonly run: (index: number, branch: Flow) => Promise<Json>;
}

/**
 * Runs branches beside each other; resolves with their outputs in order. The first to fail ends the others, and their
 * tokens with them.
 */
export const runBranches = async (flow: Flow, branches: Branches): Promise<readonly Json[]> => {
  const abandoning = new AbortController();
  const abandon = () => abandoning.abort(flow.signal.reason);
  flow.signal.addEventListener('abort', abandon, { once: true });
  try {
    if (!flow.beginBranches(abandoning.signal)) branches.begun();
    const { outputs, failed } = await allOf(flow, branches, abandoning);
    flow.signal.throwIfAborted();
    if (!failed) return outputs;
    flow.abortBranches(failed.eventId);
    throw failed.error;
  } finally {
    flow.signal.removeEventListener('abort', abandon);
  }
};

interface Results {
  readonly outputs: Json[];
  failed: { readonly error: unknown; readonly eventId: number } | undefined;
}

const allOf = async (flow: Flow, branches: Branches, abandoning: AbortController): Promise<Results> => {
  const results: Results = { outputs: [], failed: undefined };
  const { signal } = abandoning;
  let next = 0;
  const place = async (): Promise<void> => {
    for (let after = flow; next < branches.count && !signal.aborted; ) {
      const index = next++;
      const branch = flow.branch(index, signal, after);
      try {
        results.outputs[index] = branch.output ?? (await branches.run(index, branch));
      } catch (error) {
        results.failed ??= { error, eventId: branch.lastEventId };
        abandoning.abort(new BranchAbandoned());
      }
      after = branch;
    }
  };
  const places = Math.min(branches.count, branches.concurrency);
  await Promise.all(Array.from({ length: places }, place));
  return results;
};
