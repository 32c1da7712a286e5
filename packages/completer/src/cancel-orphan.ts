import { awsFailureOf, isEndState, names, type TrackingItem, uncancellableStateOf } from '@sfn-redshift/shared';
import { CLOCK_MARGIN_SECONDS } from './clock-margin.ts';
import type { CancelDependencies } from './dependencies.ts';
import { HeldBack } from './errors.ts';
import type { Wait } from './settlement.ts';

/** What has become of a statement that nobody waits for. */
export type Orphan =
  /** The Data API stops it; its end event, or the sweep, closes the item. */
  | { readonly type: 'cancelled' }
  /** It had ended already, as Redshift or the item says; its own end closes the item. */
  | { readonly type: 'ended' }
  /** It is to run on: the user wants that, or no task ever waited for it. */
  | { readonly type: 'left' }
  /** It cannot be cancelled, and trying again changes nothing. */
  | { readonly type: 'refused' }
  /** Past the start deadline its id is still not known: whether it runs is for the sweep to find out. */
  | { readonly type: 'unknown' }
  /** The calls of this moment are used up. */
  | { readonly type: 'heldBack' }
  /** It can be cancelled only later: its id is not noted yet, it has not begun to run, or another attempt is at it. */
  | Wait;

/** A statement is picked, or another attempt has written, within as much; seconds. */
const SOON_SECONDS = 2;

/**
 * Cancels the statement of an item whose task is known to be gone, as the role that owns it. The item only becomes
 * `cancelling`: how the statement really ended its own event tells. Made for one generation of the item, and may be repeated.
 * @throws what the SDK throws where another try may succeed, by itself or after a permission was given
 */
export const cancelOrphan = async (item: TrackingItem, dependencies: CancelDependencies): Promise<Orphan> => {
  const { callback, onTimeout, statementId, status } = item;
  if (status === 'closed') return { type: 'ended' };
  if (callback.type === 'none' || onTimeout === 'leave') return { type: 'left' };
  if (statementId === undefined) return withoutId(item, dependencies);
  // Written first, so that whoever adopts the statement or finds it dead knows of the cancel.
  const marked = status === 'cancelling' || (await dependencies.orphans.markCancelling(item));
  return marked ? await cancelMarked({ ...item, statementId }, dependencies) : { type: 'wait', seconds: SOON_SECONDS };
};

const withoutId = ({ startDeadline, statementName }: TrackingItem, { telemetry, now }: CancelDependencies): Orphan => {
  const leftMs = startDeadline - now();
  if (leftMs >= 0) return { type: 'wait', seconds: leftMs / 1000 + CLOCK_MARGIN_SECONDS };
  telemetry.warn('statement that nobody waits for has no id yet', { statementName });
  return { type: 'unknown' };
};

/** An item whose statement is known. */
export type Identified = TrackingItem & { readonly statementId: string };

/**
 * Cancels the statement of an item that is marked as `cancelling`.
 * @throws what the SDK throws where another try may succeed, by itself or after a permission was given
 */
export const cancelMarked = async (
  item: Identified,
  { statements, telemetry }: CancelDependencies,
): Promise<Orphan> => {
  const { statementId, statementName, cancelCause } = item;
  try {
    const accepted = await statements.cancel(item, statementId);
    // Nothing is documented of when it is not.
    if (!accepted) return { type: 'wait', seconds: SOON_SECONDS };
    telemetry.count(cancelCause ? names.METRICS.statementOverran : names.METRICS.statementCancelled);
    telemetry.info('statement is cancelled', { statementId, statementName, cause: cancelCause ?? 'nobody waits' });
    return { type: 'cancelled' };
  } catch (error) {
    return orphanOf(error, item, telemetry);
  }
};

const orphanOf = (
  error: unknown,
  { statementId, statementName }: Identified,
  telemetry: CancelDependencies['telemetry'],
) => {
  const failure = awsFailureOf(error);
  const { name, kind, requestId } = failure;
  const state = uncancellableStateOf(failure);
  if (state !== undefined) return isEndState(state) ? ENDED : { type: 'wait' as const, seconds: SOON_SECONDS };
  // The Data API forgets a statement a day after its end.
  if (name === 'ResourceNotFoundException') return ENDED;
  if (error instanceof HeldBack || kind === 'throttled' || name === 'QueryTimeoutException') return HELD_BACK;
  if (kind !== 'refused') throw error;
  telemetry.count(names.METRICS.cancelRefused);
  telemetry.error('cancel was refused', { statementId, statementName, error: name, requestId });
  if (name !== 'ValidationException') throw error;
  return { type: 'refused' as const };
};

const ENDED: Orphan = { type: 'ended' };
const HELD_BACK: Orphan = { type: 'heldBack' };
