import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  decodeTrackingItem,
  encodeTrackingItem,
  names,
  openValueOf,
  type TrackingItem,
  type TrackingKey,
} from '@sfn-redshift/shared';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import { placeholdersOf } from './expressions.ts';

/** Whether a conditional write was done; if not, what stood in its way: the item, or undefined where there is none. */
export type Written = { readonly done: true } | { readonly done: false; readonly standing: TrackingItem | undefined };

/** Which statements of an owner `newestStatements` gives: those of one target, optionally of one state. */
export interface StatementFilter {
  readonly targetId: string;
  readonly state?: string;
}

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

const IS = {
  free: `attribute_not_exists(#${names.TABLE.partitionKey})`,
  starting: '#status = :starting',
  withoutStart: '#status = :closed AND (#outcome = :refused OR attribute_exists(#adopts))',
  ofStatus: '#status = :heldStatus',
  undelivered: '#delivered = :heldDelivered',
  withoutDelivery: 'attribute_not_exists(#delivered)',
  ofGeneration: '#generation = :generation',
  atDeadline: '#startDeadline = :heldDeadline',
  withoutStatement: 'attribute_not_exists(#statementId)',
  withStatement: 'attribute_exists(#statementId)',
  ofOwner: `#${names.TABLE.partitionKey} = :owner`,
  ofTarget: '#targetId = :targetId',
  ofState: '#attempt.#state = :state',
  ofEntry: '#attempt.#enteredTime = :enteredTime',
  ofWork: '#workHash = :workHash',
} as const;

const VALUES = {
  starting: 'starting',
  submitted: 'submitted',
  cancelling: 'cancelling',
  closed: 'closed',
  refused: 'REFUSED',
  finished: 'FINISHED',
  undelivered: false,
  watched: names.TABLE.watchedValue,
};

/** The newest is mostly the one that is asked for: a small page keeps it cheap (items are about 1 KB). */
const PAGE_SIZE = 25;

export const liveTableClient = (): DynamoDBClient => new DynamoDBClient({ requestHandler: CLIENT_TIMEOUTS });

export const statementTable = (client: DynamoDBClient, tableName: string): StatementTable => {
  const { get, put, update, query } = access(client, tableName);
  return {
    claim: (item) => put(item, [IS.free], {}),
    claimAgain: (item) => put(item, [IS.withoutStart, IS.ofGeneration], { generation: item.generation - 1 }),
    moveDeadline: (claim, startDeadline) =>
      update(claim, 'SET #startDeadline = :startDeadline', heldClaim, { ...held(claim), startDeadline }),
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
    closeRefused: (claim, closedAt) => update(claim, closeAs(':refused'), heldClaim, { ...held(claim), closedAt }),
    closeFinished: (item, closedAt) =>
      update(item, closeAs(':finished'), asItStands(item), { ...heldBy(item), closedAt }),
    itemsOf: (owner) => allOf(itemsBy(query, [], { owner })),
    newestStatements: (owner, filter) => newest(query, owner, filter),
  };
};

const heldClaim = [IS.ofGeneration, IS.starting, IS.withoutStatement, IS.atDeadline];

const held = ({ generation, startDeadline }: TrackingItem) => ({ generation, heldDeadline: startDeadline });

/** Nobody has changed what an attempt that takes it over, or cancels it, relies on. */
const asItStands = (item: TrackingItem): string[] => {
  if (item.status === 'starting' && item.statementId === undefined) return heldClaim;
  const delivery = item.delivered === undefined ? IS.withoutDelivery : IS.undelivered;
  return [IS.ofGeneration, IS.ofStatus, delivery];
};

/** What tells of the task that waits, and of what it asks for: absent where the next one does not. */
const OF_TASK = [
  'attempt',
  'executionArn',
  'heartbeatSeconds',
  'maxRuntimeSeconds',
  'errors',
  'result',
  'check',
] as const;

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
  const absent = OF_TASK.filter((name) => next[name] === undefined).map((name) => `#${name}`);
  return `SET ${set.join(', ')} REMOVE ${['#outcome', '#delivered', '#closedAt', '#goneSince', ...absent].join(', ')}`;
};

const heldBy = ({ generation, status, delivered, startDeadline }: TrackingItem) => ({
  generation,
  heldStatus: status,
  heldDelivered: delivered,
  heldDeadline: startDeadline,
});

/** Every run of the sweep looks at it from then on. */
const MARK_CANCELLING = `SET #status = :cancelling, #${names.TABLE.open} = :watched`;

const closeAs = (outcome: ':refused' | ':finished'): string =>
  [
    `SET #status = :closed, #outcome = ${outcome}, #delivered = :undelivered, #closedAt = :closedAt`,
    `REMOVE #${names.TABLE.open}`,
  ].join(' ');

type Values = Readonly<Record<string, unknown>>;

const access = (client: DynamoDBClient, TableName: string) => {
  const written = (key: TrackingKey, send: () => Promise<unknown>) => writtenBy(client, TableName, key, send);
  return {
    put: (item: TrackingItem, conditions: readonly string[], values: Values) =>
      written(item, () =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: marshall(encodeTrackingItem(item), { removeUndefinedValues: true }),
            ...conditionOf(conditions, [], values),
          }),
        ),
      ),
    update: (
      key: TrackingKey,
      UpdateExpression: string,
      conditions: readonly string[],
      values: Values,
      abortSignal?: AbortSignal,
    ) =>
      written(key, () =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(key),
            UpdateExpression,
            ...conditionOf(conditions, [UpdateExpression], values),
          }),
          abortSignal ? { abortSignal } : {},
        ),
      ),
    get: async (key: TrackingKey) => await readItem(client, TableName, key),
    query: (input: Omit<QueryCommandInput, 'TableName'>) => client.send(new QueryCommand({ TableName, ...input })),
  };
};

const conditionOf = (conditions: readonly string[], others: readonly string[], values: Values) => ({
  ConditionExpression: conditions.join(' AND '),
  ...placeholdersOf([...conditions, ...others], { ...VALUES, ...values }),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

const keyOf = ({ owner, invocationKey }: TrackingKey) =>
  marshall({ [names.TABLE.partitionKey]: owner, [names.TABLE.sortKey]: invocationKey });

/** The exception carries the item; not every stand-in for DynamoDB does so, hence the read. */
const writtenBy = async (
  client: DynamoDBClient,
  TableName: string,
  key: TrackingKey,
  send: () => Promise<unknown>,
): Promise<Written> => {
  try {
    await send();
    return { done: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item } = error;
    const standing = Item ? decodeTrackingItem(unmarshall(Item)) : await readItem(client, TableName, key);
    return { done: false, standing };
  }
};

const readItem = async (
  client: DynamoDBClient,
  TableName: string,
  key: TrackingKey,
): Promise<TrackingItem | undefined> => {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
  return Item && decodeTrackingItem(unmarshall(Item));
};

type Query = ReturnType<typeof access>['query'];

const newest = (query: Query, owner: string, { targetId, state }: StatementFilter): AsyncIterable<TrackingItem> =>
  itemsBy(
    query,
    [IS.withStatement, IS.ofTarget, ...(state === undefined ? [] : [IS.ofState])],
    { owner, targetId, state },
    PAGE_SIZE,
  );

const chainOf = async (query: Query, { owner, targetId, attempt, workHash }: TrackingItem) => {
  const filters = [IS.ofTarget, IS.ofState, IS.ofEntry, IS.ofWork];
  const { state, enteredTime } = attempt ?? {};
  return await allOf(itemsBy(query, filters, { owner, targetId, state, enteredTime, workHash }));
};

const allOf = async (found: AsyncIterable<TrackingItem>): Promise<readonly TrackingItem[]> => {
  const items: TrackingItem[] = [];
  for await (const item of found) items.push(item);
  return items;
};

/** The owner's items that pass the filters, newest first. */
async function* itemsBy(query: Query, filters: readonly string[], values: Values, Limit?: number) {
  const input = {
    IndexName: names.TABLE.startedAtIndex,
    KeyConditionExpression: IS.ofOwner,
    ...(filters.length > 0 && { FilterExpression: filters.join(' AND ') }),
    ...placeholdersOf([IS.ofOwner, ...filters], values),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit,
  };
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await query({ ...input, ExclusiveStartKey });
    for (const item of page.Items ?? []) yield decodeTrackingItem(unmarshall(item));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
