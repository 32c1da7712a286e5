import { type DynamoDBClient, QueryCommand, type QueryCommandInput, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { names, type TrackingItem } from '@sfn-redshift/shared';
import { conditionHeld } from './conditional-write.ts';
import { decode, keyOf } from './statement-table.ts';

/** The tracking table, as far as cancelling needs it. */
export interface OrphanTable {
  /**
   * The owner's items that are not closed, in one consistent query: for an owner that has none, the smallest read there is.
   * @throws UnreadableItem, after all others were given
   */
  openItems(owner: string): AsyncIterable<TrackingItem>;
  /** Notes that the item's statement is being cancelled, if it is still open and of the generation read; tells whether it was. */
  markCancelling(item: TrackingItem): Promise<boolean>;
}

const { partitionKey, startedAtIndex, open } = names.TABLE;

export const orphanTable = (client: DynamoDBClient, TableName: string): OrphanTable => ({
  openItems: (owner) => openItems(client, TableName, owner),
  markCancelling: (item) =>
    conditionHeld(() => client.send(new UpdateItemCommand({ TableName, Key: keyOf(item), ...markOf(item) }))),
});

const markOf = ({ generation }: TrackingItem) => ({
  UpdateExpression: 'SET #status = :cancelling',
  ConditionExpression: '#generation = :generation AND #status <> :closed',
  ExpressionAttributeNames: { '#status': 'status', '#generation': 'generation' },
  ExpressionAttributeValues: marshall({ ':generation': generation, ':closed': 'closed', ':cancelling': 'cancelling' }),
});

async function* openItems(client: DynamoDBClient, TableName: string, owner: string) {
  const unreadable: unknown[] = [];
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(new QueryCommand({ TableName, ...openItemsOf(owner), ExclusiveStartKey }));
    for (const attributes of page.Items ?? []) {
      const item = readable(unmarshall(attributes), unreadable);
      if (item) yield item;
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  if (unreadable.length > 0) throw unreadable[0];
}

const openItemsOf = (owner: string) => ({
  IndexName: startedAtIndex,
  KeyConditionExpression: '#owner = :owner',
  FilterExpression: 'attribute_exists(#open)',
  ExpressionAttributeNames: { '#owner': partitionKey, '#open': open },
  ExpressionAttributeValues: marshall({ ':owner': owner }),
  ConsistentRead: true,
  // What an execution has left running is mostly what it has started last.
  ScanIndexForward: false,
});

const readable = (attributes: unknown, unreadable: unknown[]): TrackingItem | undefined => {
  try {
    return decode(attributes);
  } catch (error) {
    unreadable.push(error);
    return undefined;
  }
};
