import { needsLock, type TrackingItem } from '@sfn-redshift/shared';
import { adoptPointed } from './adopt-earlier.ts';
import {
  type Claim,
  type ClaimDependencies,
  type ClaimRequest,
  checkTakeOver,
  claimed,
  inProgress,
  isForsaken,
  isSameTask,
  isStarting,
  overtaken,
  refusedBefore,
  refuseOtherWork,
} from './claim.ts';
import { holdLock } from './hold-lock.ts';
import { shareStatement } from './share-statement.ts';
import type { Written } from './table-access.ts';

/**
 * Claims the item's key, or finds out what became of it.
 * @throws StartInProgress, StartUncertain, ConcurrentExecution (for its lock, too), InvalidRequest for a token or key that stands for other work
 */
export const claimStatement = async (request: ClaimRequest, dependencies: ClaimDependencies): Promise<Claim> => {
  const { item } = request;
  // Who repeats a request asks for what it has started, and needs no lock.
  const earlier = needsLock(item) ? await dependencies.table.read(item) : undefined;
  if (earlier) return await settleTaken(earlier, request, dependencies);
  await holdLock(item, dependencies, request.ended);
  const written = await dependencies.table.claim(item);
  const standing = standingAfter(written, item);
  return standing === item ? claimed(item, written.done) : await settleTaken(standing, request, dependencies);
};

/**
 * The item that stands after a write: `item` also where the SDK repeated a write whose answer was lost, and met its own
 * result. Times alone do not tell it: two invocations of one request may begin in the same millisecond.
 */
const standingAfter = (written: Written, item: TrackingItem): TrackingItem => {
  if (written.done) return item;
  const { standing } = written;
  // Expired between the refused write and the read.
  if (!standing) throw inProgress();
  const same =
    isStarting(standing) &&
    standing.claimant === item.claimant &&
    standing.startDeadline === item.startDeadline &&
    standing.generation === item.generation &&
    isSameTask(standing, item);
  return same ? item : standing;
};

const settleTaken = async (
  standing: TrackingItem,
  request: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim> => {
  const { item, isShared } = request;
  if (wasRefused(standing) && standing.callback.type === 'cloudFormation') throw refusedBefore();
  if (wasRefused(standing)) return await claimAnew(standing.generation + 1, request, dependencies);
  refuseOtherWork(standing, request);
  if (standing.adopts) return await followPointer(standing, request, dependencies);
  if (isShared && !isSameTask(standing, item)) return await shareStatement(standing, request, dependencies);
  if (!isStarting(standing)) return { type: 'repeated', item: standing };
  checkTakeOver(standing, dependencies);
  return await takeOver(standing, request, dependencies);
};

const wasRefused = ({ status, outcome }: TrackingItem): boolean => status === 'closed' && outcome === 'REFUSED';

/** Nothing ever ran under the item's name: a new claim, under a new ClientToken. */
export const claimAnew = async (
  generation: number,
  { item, ended }: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim> => {
  const next = { ...item, generation };
  await holdLock(next, dependencies, ended);
  const written = await dependencies.table.claimAgain(next);
  if (standingAfter(written, next) !== next) throw inProgress();
  return claimed(next, written.done);
};

/**
 * An earlier invocation of this attempt has decided to adopt; if another was faster to, this one starts its own. Unless it
 * had adopted, and a later attempt has the statement from it: then its own task is gone.
 */
const followPointer = async (
  pointer: TrackingItem,
  request: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim> => {
  const adopted = await adoptPointed(pointer, request, dependencies);
  if (adopted) return adopted;
  if (await isForsaken(request.item, dependencies)) throw overtaken();
  return await claimAnew(pointer.generation + 1, request, dependencies);
};

/** Its claimant is gone, perhaps after executing: the same ClientToken gives the statement it may have started. */
const takeOver = async (
  standing: TrackingItem,
  { item: { startDeadline }, ended }: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim> => {
  const taken = { ...standing, startDeadline };
  await holdLock(taken, dependencies, ended);
  const written = await dependencies.table.moveDeadline(standing, startDeadline);
  if (standingAfter(written, taken) !== taken) throw inProgress();
  return claimed(taken, false);
};
