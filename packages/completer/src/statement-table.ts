import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  decodeTrackingItem,
  type EndState,
  MalformedMessage,
  names,
  type TrackingItem,
  type TrackingKey,
} from '@sfn-redshift/shared';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import { conditionHeld } from './conditional-write.ts';
import { UnreadableItem } from './errors.ts';

/** What a closed item remembers. */
export interface Closing {
  readonly outcome: EndState | 'UNKNOWN';
  /** Whether the task was told; undefined where nobody was to be told. */
  readonly delivered: boolean | undefined;
  /** The statement that ended: known from its event even if the invoker could not note it; undefined where none was found. */
  readonly statementId: string | undefined;
  /** Epoch milliseconds. */
  readonly closedAt: number;
}

/** The read and the one write that the drain makes in the tracking table. */
export interface StatementTable {
  /**
   * Reads consistently; undefined where there is no item.
   * @throws UnreadableItem
   */
  read(key: TrackingKey): Promise<TrackingItem | undefined>;
  /**
   * Closes the item if it is still open and of the generation that was read; tells whether it was. A closing that was
   * delivered also replaces the same one that was not: of two copies of an event, only the first finds its task waiting,
   * and the second may close first.
   */
  close(item: TrackingItem, closing: Closing): Promise<boolean>;
}

/** Without the `generation` clause an item that has expired meanwhile would be written anew. */
const STILL_OPEN = '#generation = :generation AND #status <> :closed';
const OPEN_OR_UNDELIVERED =
  '#generation = :generation AND (#status <> :closed OR (#outcome = :outcome AND #delivered <> :delivered))';
const { open } = names.TABLE;

export const liveTableClient = (): DynamoDBClient => new DynamoDBClient({ requestHandler: CLIENT_TIMEOUTS });

export const statementTable = (client: DynamoDBClient, TableName: string): StatementTable => ({
  read: async (key) => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
    return Item && decode(unmarshall(Item));
  },
  close: (item, closing) =>
    conditionHeld(() =>
      client.send(new UpdateItemCommand({ TableName, Key: keyOf(item), ...updateOf(item, closing) })),
    ),
});

export const keyOf = ({ owner, invocationKey }: TrackingKey) =>
  marshall({ [names.TABLE.partitionKey]: owner, [names.TABLE.sortKey]: invocationKey });

/** @throws UnreadableItem */
export const decode = (attributes: unknown): TrackingItem => {
  try {
    return decodeTrackingItem(attributes);
  } catch (error) {
    if (error instanceof MalformedMessage) throw new UnreadableItem(error.message, { cause: error });
    throw error;
  }
};

const updateOf = ({ generation }: TrackingItem, closing: Closing) => {
  const written = Object.entries({ status: 'closed', ...closing }).filter(([, value]) => value !== undefined);
  const attributes = written.map(([name]) => name);
  return {
    UpdateExpression: `SET ${attributes.map((name) => `#${name} = :${name}`).join(', ')} REMOVE #${open}`,
    ConditionExpression: closing.delivered ? OPEN_OR_UNDELIVERED : STILL_OPEN,
    ExpressionAttributeNames: Object.fromEntries(['generation', ...attributes, open].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall(
      Object.fromEntries([...written, ['generation', generation], ['closed', 'closed']].map(([k, v]) => [`:${k}`, v])),
    ),
  };
};
