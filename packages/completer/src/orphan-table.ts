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
  /**
   * Notes that the item's statement is being cancelled, if it is still open and of the generation read; tells whether it
   * was. From then on every run of the sweep looks at it.
   * @param cause where somebody may wait for it all the same: the field that asked for it
   */
  markCancelling(item: TrackingItem, cause?: 'maxRuntimeSeconds'): Promise<boolean>;
  /** Notes since when the item's task is gone; else the same. */
  noteGone(item: TrackingItem, goneSince: number): Promise<boolean>;
  /** Notes why nobody will ask the invoker again what it has started; else the same. */
  noteGivenUp(item: TrackingItem, givenUp: string): Promise<boolean>;
}

const { partitionKey, startedAtIndex, open, watchedValue } = names.TABLE;

export const orphanTable = (client: DynamoDBClient, TableName: string): OrphanTable => ({
  openItems: (owner) => openItems(client, TableName, owner),
  markCancelling: (item, cancelCause) =>
    watch(client, TableName, item, { status: 'cancelling', ...(cancelCause && { cancelCause }) }),
  noteGone: (item, goneSince) => watch(client, TableName, item, { goneSince }),
  noteGivenUp: (item, givenUp) => watch(client, TableName, item, { givenUp }),
});

const watch = (client: DynamoDBClient, TableName: string, item: TrackingItem, noted: Partial<TrackingItem>) =>
  conditionHeld(() =>
    client.send(
      new UpdateItemCommand({ TableName, Key: keyOf(item), ...updateOf(item, { ...noted, [open]: watchedValue }) }),
    ),
  );

const updateOf = ({ generation }: TrackingItem, noted: Readonly<Record<string, unknown>>) => {
  const attributes = Object.keys(noted);
  return {
    UpdateExpression: `SET ${attributes.map((name) => `#${name} = :${name}`).join(', ')}`,
    // Without the `generation` clause an item that has expired meanwhile would be written anew.
    ConditionExpression: '#generation = :heldGeneration AND #status <> :closed',
    ExpressionAttributeNames: Object.fromEntries(
      ['generation', 'status', ...attributes].map((name) => [`#${name}`, name]),
    ),
    ExpressionAttributeValues: marshall({
      ...Object.fromEntries(Object.entries(noted).map(([name, value]) => [`:${name}`, value])),
      ':heldGeneration': generation,
      ':closed': 'closed',
    }),
  };
};

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
