import { awsFailureOf, names, type TrackingItem } from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';
import type { Invocation } from './invocation.ts';

/** Time that is left for the answer after the write. */
const ANSWER_TIME_MS = 250;

/** The statement runs, whatever becomes of this write: drain and sweep find the item by the statement's name. */
export const noteStatement = async (
  started: TrackingItem & { readonly statementId: string },
  { deadline }: Invocation,
  { table, telemetry, now }: InvokerDependencies,
): Promise<void> => {
  const timeLeft = Math.max(0, deadline - ANSWER_TIME_MS - now());
  const failed = (error: string) => {
    telemetry.count(names.METRICS.noteFailed);
    telemetry.error('statement id not noted', { ...logged(started), error });
  };
  try {
    const written = await table.noteStatement(started, started.statementId, AbortSignal.timeout(timeLeft));
    if (written.done) return;
    // Noted or closed already: by the SDK's repeat of this very write, by another invocation, or by the completer.
    if (written.standing && written.standing.status !== 'starting') return;
    failed(written.standing ? 'the item has changed' : 'the item is gone');
  } catch (error) {
    failed(awsFailureOf(error).name);
  }
};

/** What is logged of an item. */
export const logged = (item: TrackingItem) => ({
  statementId: item.statementId,
  statementName: item.statementName,
  stateName: item.attempt?.state,
});
