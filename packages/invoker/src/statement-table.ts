import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { names, openValueOf, type TrackingItem, type TrackingKey } from '@sfn-redshift/shared';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import { OF_END, OF_TASK } from './of-task.ts';
import { allOf, chainOf, itemsBy, newest, type StatementFilter } from './owner-items.ts';
import { access, type Written } from './table-access.ts';
import { asItStands, heldBy, heldClaim, IS } from './table-conditions.ts';

/** The writes and reads that the invoker makes in the tracking table. Every write is conditional; none is a transaction. */
export interface StatementTable {
  /** Writes the item unless its key is taken. */
  claim(item: TrackingItem): Promise<Written>;
  /** Reads consistently; undefined where there is no item. */
  read(key: TrackingKey): Promise<TrackingItem | undefined>;
  /**
   * Replaces an item under whose name nothing ever ran (closed as REFUSED, or made only to adopt another), and that is of
   * the generation before the item's.
   */
  claimAgain(item: TrackingItem): Promise<Written>;
  /** Moves the start deadline of a claim that nobody else has moved and that has no statement. */
  moveDeadline(claim: TrackingItem, startDeadline: number): Promise<Written>;
  /**
   * Gives another request the statement of an item that nobody has changed since it was read as `standing`: its callback
   * and times, in the next generation. A closed item is open again.
   */
  takeOver(standing: TrackingItem, next: TrackingItem): Promise<Written>;
  /** Notes that the statement of an item, still running when it was read, is being cancelled. */
  markCancelling(item: TrackingItem): Promise<Written>;
  /** Every item of the same attempt chain as this one, itself included: same state, entry, target and work. */
  attemptChain(item: TrackingItem): Promise<readonly TrackingItem[]>;
  /** Notes the statement of a claim that is still starting, and the session that the claim says it runs in. */
  noteStatement(claim: TrackingItem, statementId: string, signal: AbortSignal): Promise<Written>;
  /** Closes a claim whose statement was refused: it leaves the index of what is open. */
  closeRefused(claim: TrackingItem, closedAt: number): Promise<Written>;
  /** Closes an item that is being cancelled as finished, though nobody was told: its statement was faster than the cancel. */
  closeFinished(item: TrackingItem, closedAt: number): Promise<Written>;
  /** All items of the owner, newest first. */
  itemsOf(owner: string): Promise<readonly TrackingItem[]>;
  /** The owner's items that have a statement, newest first; pages are read as they are asked for. */
  newestStatements(owner: string, filter: StatementFilter): AsyncIterable<TrackingItem>;
}

export const liveTableClient = (): DynamoDBClient => new DynamoDBClient({ requestHandler: CLIENT_TIMEOUTS });

export const statementTable = (client: DynamoDBClient, tableName: string): StatementTable => {
  const { get, put, update, query } = access(client, tableName);
  return {
    claim: (item) => put(item, [IS.free], {}),
    claimAgain: (item) => put(item, [IS.withoutStart, IS.ofGeneration], { generation: item.generation - 1 }),
    moveDeadline: (claim, startDeadline) =>
      update(claim, 'SET #startDeadline = :startDeadline', heldClaim, { ...heldBy(claim), startDeadline }),
    read: get,
    takeOver: (standing, next) =>
      update(standing, takeOverBy(next), asItStands(standing), {
        ...next,
        nextGeneration: next.generation,
        openValue: openValueOf(next),
        ...heldBy(standing),
      }),
    markCancelling: (item) => update(item, MARK_CANCELLING, asItStands(item), heldBy(item)),
    attemptChain: (item) => chainOf(query, item),
    noteStatement: (claim, statementId, signal) =>
      update(
        claim,
        `SET #statementId = :statementId, #status = :submitted${claim.session ? ', #session = :session' : ''}`,
        [IS.ofGeneration, IS.starting],
        { generation: claim.generation, statementId, session: claim.session },
        signal,
      ),
    closeRefused: (claim, closedAt) => update(claim, closeAs(':refused'), heldClaim, { ...heldBy(claim), closedAt }),
    closeFinished: (item, closedAt) =>
      update(item, closeAs(':finished'), asItStands(item), { ...heldBy(item), closedAt }),
    itemsOf: (owner) => allOf(itemsBy(query, [], { owner })),
    newestStatements: (owner, filter) => newest(query, owner, filter),
  };
};

/** The start of the statement stays what it was; all else is the next one's. */
const takeOverBy = (next: TrackingItem): string => {
  const set = [
    '#callback = :callback',
    '#generation = :nextGeneration',
    '#startDeadline = :startDeadline',
    '#expiresAt = :expiresAt',
    '#status = :status',
    `#${names.TABLE.open} = :openValue`,
    ...OF_TASK.filter((name) => next[name] !== undefined).map((name) => `#${name} = :${name}`),
    ...(next.startGeneration === undefined ? [] : ['#startGeneration = :startGeneration']),
  ];
  const absent = [...OF_END, ...OF_TASK.filter((name) => next[name] === undefined)].map((name) => `#${name}`);
  return `SET ${set.join(', ')} REMOVE ${absent.join(', ')}`;
};

/** Every run of the sweep looks at it from then on. */
const MARK_CANCELLING = `SET #status = :cancelling, #${names.TABLE.open} = :watched`;

const closeAs = (outcome: ':refused' | ':finished'): string =>
  [
    `SET #status = :closed, #outcome = ${outcome}, #delivered = :undelivered, #closedAt = :closedAt`,
    `REMOVE #${names.TABLE.open}`,
  ].join(' ');
