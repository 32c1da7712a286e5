import {
  isLaterRequest,
  type Outcome,
  type ResourceCallback,
  releaseLock,
  StartInProgress,
  TaskerError,
  type TrackingItem,
} from '@sfn-redshift/shared';
import type { ClaimDependencies } from '../claim.ts';
import { CLOCK_MARGIN_MS } from '../clock-margin.ts';
import type { InvokerDependencies } from '../dependencies.ts';
import { endStatement } from '../end-statement.ts';

/** An item of a CloudFormation request. */
export type ResourceItem = TrackingItem & { readonly callback: ResourceCallback };

/** An earlier request of the same resource, which has ended: as what; undefined where nobody can tell any more. */
export interface PastRequest {
  readonly item: ResourceItem;
  readonly outcome: Outcome | undefined;
  /** Whether its item is still open: its end has not been told. */
  readonly isOpen: boolean;
}

export type ClearDependencies = ClaimDependencies & Pick<InvokerDependencies, 'starts'>;

/** CloudFormation has asked for something else since, and does not wait for this. */
export class Overtaken extends TaskerError {
  override readonly name = 'Overtaken';
  readonly retryable = false;
}

/**
 * Sees to it that no earlier request of the resource has a statement that runs, or will: CloudFormation waits for one at a
 * time, so what is still open it has given up. It is cancelled, and its end awaited. Gives the earlier requests, the newest first.
 * @param waitUntil epoch milliseconds
 * @throws StartInProgress where one does not end in time: Lambda repeats the invocation, and then tells the drain. Overtaken
 */
export const clearTheWay = async (
  item: ResourceItem,
  waitUntil: number,
  dependencies: ClearDependencies,
): Promise<readonly PastRequest[]> => {
  const all = await dependencies.table.itemsOf(item.owner);
  const others = all.filter(isResourceItem).filter(({ invocationKey }) => invocationKey !== item.invocationKey);
  if (others.some(({ callback }) => isLaterRequest(callback, item.callback))) {
    throw new Overtaken('CloudFormation has made another request for this resource since');
  }
  const past: PastRequest[] = [];
  for (const other of others) past.push(await pastOf(other, waitUntil, dependencies));
  return past;
};

const isResourceItem = (item: TrackingItem): item is ResourceItem => item.callback.type === 'cloudFormation';

const pastOf = async (item: ResourceItem, waitUntil: number, dependencies: ClearDependencies): Promise<PastRequest> => {
  if (item.status === 'closed') return { item, outcome: item.outcome, isOpen: false };
  if (item.statementId !== undefined) return await endOf(item, item.statementId, waitUntil, dependencies);
  const statementId = await findStarted(item, dependencies);
  if (statementId === undefined) return await closeUnstarted(item, dependencies);
  const signal = AbortSignal.timeout(Math.max(0, waitUntil - dependencies.now()));
  if (!(await dependencies.table.noteStatement(item, statementId, signal)).done) throw notEnded(statementId);
  return await endOf({ ...item, status: 'submitted' }, statementId, waitUntil, dependencies);
};

const endOf = async (
  item: ResourceItem,
  statementId: string,
  waitUntil: number,
  dependencies: ClearDependencies,
): Promise<PastRequest> => {
  try {
    const end = await endStatement({ ...item, statementId }, { waitUntil }, dependencies);
    return { item, outcome: end as Outcome | undefined, isOpen: true };
  } catch (error) {
    if (!(error instanceof StartInProgress)) throw error;
    return await closedMeanwhile(item, statementId, dependencies);
  }
};

/** Undefined where none was started, nor will be: a claim is executed by its claimant, or by who takes it over in time. */
const findStarted = async (
  { startDeadline, statementName }: TrackingItem,
  { starts, now }: ClearDependencies,
): Promise<string | undefined> => {
  if (now() <= startDeadline + CLOCK_MARGIN_MS) {
    throw new StartInProgress('another request for this resource is being started; repeat this one in a moment');
  }
  return await starts.find(statementName);
};

const closeUnstarted = async (item: ResourceItem, dependencies: ClearDependencies): Promise<PastRequest> => {
  const { table, now } = dependencies;
  if (!(await table.closeRefused(item, now())).done) throw notEnded(item.statementName);
  await releaseLock(item, dependencies);
  return { item, outcome: 'REFUSED', isOpen: false };
};

const closedMeanwhile = async (
  item: ResourceItem,
  statementId: string,
  { table }: ClearDependencies,
): Promise<PastRequest> => {
  const standing = await table.read(item);
  if (standing?.status !== 'closed') throw notEnded(statementId);
  return { item, outcome: standing.outcome, isOpen: false };
};

const notEnded = (statement: string) =>
  new StartInProgress(
    `the statement of an earlier request for this resource (${statement}) is being cancelled and has not ended yet`,
  );
