import type { TrackingItem } from '@sfn-redshift/shared';
import { adoptItem, isAdoptable, pointerTo } from './adopt-earlier.ts';
import { type Claim, type ClaimDependencies, type ClaimRequest, isForsaken, isStarting, overtaken } from './claim.ts';
import { claimAnew, claimStatement } from './claim-statement.ts';
import { endStatement } from './end-statement.ts';

/** Iterations of a Map may share all that tells a chain; of so many siblings, the rest start their own. */
const MAX_TRIED = 20;

/** Whether the item is of an attempt after the first: of a state that was retried, or of an execution that was redriven. */
export const isRetry = ({ attempt, callback }: TrackingItem): boolean =>
  callback.type === 'stepFunctions' && attempt !== undefined && attempt.retryCount + attempt.redriveCount > 0;

/**
 * Claims the key of a retry: adopts what an earlier attempt has started, if nobody waits for that any more, or else starts
 * its own, after the end of an earlier one that is, or is to be, cancelled.
 * @throws what `claimStatement` throws, StartInProgress where a cancelled statement does not end in time, and
 * ConcurrentExecution where its task has ended and a later attempt was faster
 */
export const claimRetry = async (first: ClaimRequest, dependencies: ClaimDependencies): Promise<Claim> => {
  const { item } = first;
  const ended: TrackingItem[] = [];
  const request = { ...first, ended };
  const chain = await dependencies.table.attemptChain(item);
  if (chain.some(({ invocationKey }) => invocationKey === item.invocationKey)) {
    return await claimStatement(request, dependencies);
  }
  // Invoked so late that a later attempt was here before: there may be nothing left to adopt, but the work is not to run twice.
  if (chain.some((other) => isEarlier(item, other)) && (await isForsaken(item, dependencies))) throw overtaken();
  let generation = item.generation;
  const pending = [...candidatesFor(request, chain)];
  for (let earlier = pending.shift(); earlier; earlier = pending.shift()) {
    if (!(await isForsaken(earlier, dependencies))) continue;
    if (mustEnd(earlier, request)) {
      pending.unshift(...(await endEarlier(earlier, request, dependencies)));
      ended.push(earlier);
      continue;
    }
    const claim = await adopt(earlier, { ...request, item: { ...item, generation } }, dependencies);
    if (claim) return claim;
    generation += 1;
    pending.unshift(...(await leftOf(earlier, request, dependencies)));
  }
  if (generation === item.generation) return await claimStatement(request, dependencies);
  // Who was faster may be a later attempt, if this has taken so long that its own task has ended.
  if (await isForsaken(item, dependencies)) throw overtaken();
  return await claimAnew(generation, request, dependencies);
};

/** Decides under the retry's own key, then adopts; undefined where another was faster. */
const adopt = async (
  earlier: TrackingItem,
  request: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim | undefined> => {
  const { table } = dependencies;
  const pointer = pointerTo(earlier, request.item);
  const written = await (pointer.generation === 1 ? table.claim(pointer) : table.claimAgain(pointer));
  return written.done ? await adoptItem(earlier, request, dependencies) : await claimStatement(request, dependencies);
};

/** Whoever did not ask for a new statement is given the old one if that was faster than the cancel. */
const endEarlier = async (
  earlier: TrackingItem,
  request: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<readonly TrackingItem[]> => {
  const end = await endStatement(earlier, request, dependencies);
  if (end !== 'FINISHED' || request.onRetry === 'restart') return [];
  await dependencies.table.closeFinished(earlier, dependencies.now());
  return await leftOf(earlier, request, dependencies);
};

/** The item as somebody else has changed it, if that was an attempt before this one, which may be gone as well by now. */
const leftOf = async (
  taken: TrackingItem,
  request: ClaimRequest,
  { table }: ClaimDependencies,
): Promise<readonly TrackingItem[]> => {
  const item = await table.read(taken);
  if (!item || (item.generation === taken.generation && item.status === taken.status)) return [];
  return isEarlier(item, request.item) && isCandidate(item, request) ? [item] : [];
};

/** Half-started ones are adopted whatever was asked: what has no id cannot be cancelled, and may not have begun. */
const mustEnd = (earlier: TrackingItem, { onRetry }: ClaimRequest): boolean =>
  earlier.status === 'cancelling' || (onRetry === 'restart' && !isStarting(earlier));

const candidatesFor = (request: ClaimRequest, chain: readonly TrackingItem[]): readonly TrackingItem[] => {
  const { item } = request;
  const candidates = chain.filter((other) => isEarlier(other, item) && isCandidate(other, request));
  return fromOwnPlace(item, candidates)
    .sort((one, other) => rankOf(one) - rankOf(other))
    .slice(0, MAX_TRIED);
};

/** Who restarts wants no outcome of what has ended. */
const isCandidate = (earlier: TrackingItem, { onRetry }: ClaimRequest): boolean => {
  if (earlier.status === 'closed' && onRetry === 'restart') return false;
  return earlier.status === 'cancelling' || isAdoptable(earlier);
};

const isEarlier = ({ attempt: one }: TrackingItem, { attempt: other }: TrackingItem): boolean => {
  if (!one || !other) return false;
  if (one.redriveCount !== other.redriveCount) return one.redriveCount < other.redriveCount;
  return one.retryCount < other.retryCount;
};

/** What runs goes first: of siblings, one that has ended may have told its own task, and only not noted that. */
const rankOf = (item: TrackingItem): number => ['submitted', 'starting', 'cancelling', 'closed'].indexOf(item.status);

/** Siblings that retry at once do not all begin with the same item. */
const fromOwnPlace = ({ invocationKey }: TrackingItem, items: readonly TrackingItem[]): TrackingItem[] => {
  const place = items.length === 0 ? 0 : Number.parseInt(invocationKey.slice(0, 8), 16) % items.length;
  return [...items.slice(place), ...items.slice(0, place)];
};
