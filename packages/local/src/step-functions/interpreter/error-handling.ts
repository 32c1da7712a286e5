import type { ErrorHandling, Retrier, State } from '../definition/states.ts';
import { StateError } from '../errors.ts';
import type { Outcome, Visit } from './visit.ts';

type ErrorHandlingVisit = Visit<State & ErrorHandling>;

/** No wildcard matches these; DataLimitExceeded may be named, Runtime is never retried or caught. */
const NOT_IN_WILDCARDS = ['States.Runtime', 'States.DataLimitExceeded'];

/** Does one of the names of `ErrorEquals` stand for this error? */
export const matches = (names: readonly string[], { error, alias }: StateError): boolean => {
  if (error === 'States.Runtime') return false;
  return names.some((name) => {
    if (name === error || name === alias) return true;
    if (error !== undefined && NOT_IN_WILDCARDS.includes(error)) return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout');
  });
};

/** How long, in milliseconds, until the `attempt`-th retry, counted from 0. */
export const retryDelayMs = (retrier: Retrier, attempt: number, random = Math.random): number => {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds) * 1000;
  return JitterStrategy === 'FULL' ? random() * delay : delay;
};

/** Counts, for each retrier of a visit, how often it has been used. */
class Retriers {
  readonly #used: { readonly retrier: Retrier; times: number }[];

  constructor(retriers: readonly Retrier[] = []) {
    this.#used = retriers.map((retrier) => ({ retrier, times: 0 }));
  }

  /** Undefined when the first retrier that matches is used up, or none does. */
  delayAfter(error: StateError): number | undefined {
    const used = this.#used.find(({ retrier }) => matches(retrier.ErrorEquals, error));
    if (!used || used.times >= (used.retrier.MaxAttempts ?? 3)) return undefined;
    return retryDelayMs(used.retrier, used.times++);
  }
}

/**
 * Attempts the state's work until it succeeds or `Retry` gives up, then asks `Catch`.
 *
 * @param givingUp called once, before an error is caught or thrown
 */
export const withErrorHandling = async (
  visit: ErrorHandlingVisit,
  attempt: () => Promise<Outcome>,
  givingUp: (error: unknown) => void = () => undefined,
): Promise<Outcome> => {
  const { flow, state } = visit;
  for (const retriers = new Retriers(state.Retry); ; visit.retryCount++) {
    try {
      return await attempt();
    } catch (error) {
      flow.signal.throwIfAborted();
      const delay = error instanceof StateError ? retriers.delayAfter(error) : undefined;
      if (delay === undefined) {
        givingUp(error);
        return caught(visit, error);
      }
      await flow.frame.clock.sleep(delay, flow.signal);
    }
  }
};

/** @throws the error when no catcher matches it */
const caught = (visit: ErrorHandlingVisit, error: unknown): Promise<Outcome> => {
  const catcher =
    error instanceof StateError && visit.state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, error));
  if (!catcher) throw error;
  return visit.caught(catcher, { Error: error.error ?? null, Cause: error.causeText ?? null });
};
