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
  type TrackingItem,
  type TrackingKey,
} from '@sfn-redshift/shared';
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
  /** Replaces a claim that closed as REFUSED, and is of the generation before the item's. */
  claimAgain(item: TrackingItem): Promise<Written>;
  /** Moves the start deadline of a claim that nobody else has moved and that has no statement. */
  moveDeadline(claim: TrackingItem, startDeadline: number): Promise<Written>;
  /** Notes that the statement of an item, still running when it was read, is being cancelled. */
  markCancelling(item: TrackingItem): Promise<Written>;
  /** Notes the statement of a claim that is still starting. */
  noteStatement(claim: TrackingItem, statementId: string, signal: AbortSignal): Promise<Written>;
  /** Closes a claim whose statement was refused: it leaves the index of what is open. */
  closeRefused(claim: TrackingItem, closedAt: number): Promise<Written>;
  /** The owner's items that have a statement, newest first; pages are read as they are asked for. */
  newestStatements(owner: string, filter: StatementFilter): AsyncIterable<TrackingItem>;
}

const IS = {
  free: `attribute_not_exists(#${names.TABLE.partitionKey})`,
  starting: '#status = :starting',
  submitted: '#status = :submitted',
  refused: '#status = :closed AND #outcome = :refused',
  ofGeneration: '#generation = :generation',
  atDeadline: '#startDeadline = :heldDeadline',
  withoutStatement: 'attribute_not_exists(#statementId)',
  withStatement: 'attribute_exists(#statementId)',
  ofOwner: `#${names.TABLE.partitionKey} = :owner`,
  ofTarget: '#targetId = :targetId',
  ofState: '#attempt.#state = :state',
} as const;

const VALUES = {
  starting: 'starting',
  submitted: 'submitted',
  cancelling: 'cancelling',
  closed: 'closed',
  refused: 'REFUSED',
  undelivered: false,
};

/** The newest is mostly the one that is asked for: a small page keeps it cheap (items are about 1 KB). */
const PAGE_SIZE = 25;

/** A request that hangs is given up while the function still has time to repeat it; milliseconds. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

export const liveTableClient = (): DynamoDBClient => new DynamoDBClient({ requestHandler: TIMEOUTS });

export const statementTable = (client: DynamoDBClient, tableName: string): StatementTable => {
  const { put, update, query } = access(client, tableName);
  return {
    claim: (item) => put(item, [IS.free], {}),
    claimAgain: (item) => put(item, [IS.refused, IS.ofGeneration], { generation: item.generation - 1 }),
    moveDeadline: (claim, startDeadline) =>
      update(claim, 'SET #startDeadline = :startDeadline', heldClaim, { ...held(claim), startDeadline }),
    markCancelling: (item) =>
      update(item, 'SET #status = :cancelling', [IS.ofGeneration, IS.submitted], { generation: item.generation }),
    noteStatement: (claim, statementId, signal) =>
      update(
        claim,
        'SET #statementId = :statementId, #status = :submitted',
        [IS.ofGeneration, IS.starting],
        { generation: claim.generation, statementId },
        signal,
      ),
    closeRefused: (claim, closedAt) => update(claim, CLOSE_REFUSED, heldClaim, { ...held(claim), closedAt }),
    newestStatements: (owner, filter) => newest(query, owner, filter),
  };
};

const heldClaim = [IS.ofGeneration, IS.starting, IS.withoutStatement, IS.atDeadline];

const held = ({ generation, startDeadline }: TrackingItem) => ({ generation, heldDeadline: startDeadline });

const CLOSE_REFUSED = [
  'SET #status = :closed, #outcome = :refused, #delivered = :undelivered, #closedAt = :closedAt',
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
    const read = () => client.send(new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
    const Item = error.Item ?? (await read()).Item;
    return { done: false, standing: Item && decodeTrackingItem(unmarshall(Item)) };
  }
};

type Query = ReturnType<typeof access>['query'];

async function* newest(query: Query, owner: string, { targetId, state }: StatementFilter) {
  const filters = [IS.withStatement, IS.ofTarget, ...(state === undefined ? [] : [IS.ofState])];
  const input = {
    IndexName: names.TABLE.startedAtIndex,
    KeyConditionExpression: IS.ofOwner,
    FilterExpression: filters.join(' AND '),
    ...placeholdersOf([IS.ofOwner, ...filters], { owner, targetId, state }),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: PAGE_SIZE,
  };
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await query({ ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
    for (const item of page.Items ?? []) yield decodeTrackingItem(unmarshall(item));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
