import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
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
import { VALUES } from './table-conditions.ts';

/** Whether a conditional write was done; if not, what stood in its way: the item, or undefined where there is none. */
export type Written = { readonly done: true } | { readonly done: false; readonly standing: TrackingItem | undefined };

/** Values of expressions, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** The calls of DynamoDB that the invoker makes, on one table. */
export const access = (client: DynamoDBClient, TableName: string) => {
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
