import type { Clock } from '../../common/clock.ts';
import { RedshiftError } from '../errors.ts';
import type { QueryOutcome } from '../results/outcome.ts';
import type { Script } from './script.ts';

/** A script ends its statement ABORTED. */
export class ScriptedAbort extends Error {
  override readonly name = 'ScriptedAbort';
  /** What DescribeStatement shows as `Error`. */
  readonly text: string | undefined;

  constructor(text?: string) {
    super('aborted by a script');
    this.text = text;
  }
}

/**
 * Lets the time of the script pass, and ends as it says.
 *
 * @throws RedshiftError, ScriptedAbort, or the reason of `signal`
 */
export const playScript = async (
  { durationMs, end }: Script,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<QueryOutcome> => {
  await clock.sleep(durationMs, signal);
  if (end.state === 'FINISHED') return end.outcome;
  throw end.state === 'FAILED' ? new RedshiftError(end.error) : new ScriptedAbort(end.error);
};
