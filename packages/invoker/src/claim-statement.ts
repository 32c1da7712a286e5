import {
  type ExecuteRequest,
  InvalidRequest,
  names,
  StartInProgress,
  StartUncertain,
  type TrackingItem,
} from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';
import type { Written } from './statement-table.ts';

/** The Data API keeps a ClientToken for 8 hours; past 7 a repeat is not safe to run. */
const SAFE_TO_REPEAT_MS = 7 * 60 * 60 * 1000;

/**
 * Who runs the statement: this invocation (`firstUse`: nobody has executed under the item's ClientToken before), or nobody
 * now, because an earlier one has.
 */
export type Claim =
  | { readonly type: 'claimed'; readonly item: TrackingItem; readonly firstUse: boolean }
  | { readonly type: 'repeated'; readonly item: TrackingItem };

type Dependencies = Pick<InvokerDependencies, 'table' | 'telemetry' | 'now'>;

/**
 * Claims the item's key, or finds out what became of it.
 * @throws StartInProgress, StartUncertain, InvalidRequest for a task token that stands for other work
 */
export const claimStatement = async (item: TrackingItem, dependencies: Dependencies): Promise<Claim> => {
  const written = await dependencies.table.claim(item);
  const standing = standingAfter(written, item);
  return standing === item ? claimed(item, written.done) : await settleTaken(standing, item, dependencies);
};

const claimed = (item: TrackingItem, firstUse: boolean): Claim => ({ type: 'claimed', item, firstUse });

/**
 * The item that stands after a write: `item` also where the SDK repeated a write whose answer was lost, and met its own
 * result. Should two invocations ever look so alike, they still share the ClientToken, hence the statement; but
 * neither is then surely its first use.
 */
const standingAfter = (written: Written, item: TrackingItem): TrackingItem => {
  if (written.done) return item;
  const { standing } = written;
  // Expired between the refused write and the read.
  if (!standing) throw inProgress();
  const same =
    isStarting(standing) &&
    standing.startedAt === item.startedAt &&
    standing.startDeadline === item.startDeadline &&
    standing.generation === item.generation;
  return same ? item : standing;
};

const settleTaken = async (standing: TrackingItem, item: TrackingItem, dependencies: Dependencies): Promise<Claim> => {
  if (wasRefused(standing)) return await claimAgain(standing, item, dependencies);
  refuseOtherWork(standing, item);
  if (!isStarting(standing)) return { type: 'repeated', item: standing };
  const now = dependencies.now();
  if (now < standing.startDeadline) throw inProgress();
  if (now - standing.startedAt >= SAFE_TO_REPEAT_MS) return refuseUncertain(standing, dependencies);
  return await takeOver(standing, item.startDeadline, dependencies);
};

const isStarting = ({ status, statementId }: TrackingItem): boolean => status === 'starting' && !statementId;

const wasRefused = ({ status, outcome }: TrackingItem): boolean => status === 'closed' && outcome === 'REFUSED';

/** Nothing ever ran: a new claim, under a new ClientToken. */
const claimAgain = async (refused: TrackingItem, item: TrackingItem, { table }: Dependencies): Promise<Claim> => {
  const next = { ...item, generation: refused.generation + 1 };
  const written = await table.claimAgain(next);
  if (standingAfter(written, next) !== next) throw inProgress();
  return claimed(next, written.done);
};

/** Its claimant is gone, perhaps after executing: the same ClientToken gives the statement it may have started. */
const takeOver = async (standing: TrackingItem, startDeadline: number, { table }: Dependencies): Promise<Claim> => {
  const taken = { ...standing, startDeadline };
  const written = await table.moveDeadline(standing, startDeadline);
  if (standingAfter(written, taken) !== taken) throw inProgress();
  return claimed(taken, false);
};

const inProgress = () =>
  new StartInProgress('another invocation is starting this statement; repeat the request in a moment');

const refuseUncertain = ({ statementName }: TrackingItem, { telemetry }: Dependencies): never => {
  telemetry.count(names.METRICS.startUncertain);
  throw new StartUncertain(
    `the start of this statement was tried too long ago to be repeated safely, and may have succeeded; look for the statement by its name: ${statementName}`,
  );
};

// Only a task token that somebody used twice gets here: its task can be answered once, with one outcome.
const refuseOtherWork = (standing: TrackingItem, item: TrackingItem): void => {
  if (standing.workHash === item.workHash) return;
  const field: keyof ExecuteRequest = 'sqlStatement';
  throw new InvalidRequest(field, 'is not the one that this task token has started', 'another statement or parameters');
};
