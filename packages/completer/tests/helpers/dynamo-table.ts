import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { names } from '@sfn-redshift/shared';
import dynalite from 'dynalite';

const { TABLE } = names;

export const TABLE_NAME = 'tracking';

/** The tracking table in a DynamoDB that stands in for AWS's. */
export interface DynamoTable {
  readonly client: DynamoDBClient;
  put(attributes: Record<string, unknown>): Promise<unknown>;
  /** How many rows the index of open statements has. */
  opened(): Promise<number>;
  close(): Promise<void>;
}

export const startDynamoTable = async (): Promise<DynamoTable> => {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  });
  await createTable(client);
  return {
    client,
    put: (attributes) => client.send(new PutItemCommand({ TableName: TABLE_NAME, Item: marshall(attributes) })),
    opened: async () => {
      const { Count } = await client.send(new ScanCommand({ TableName: TABLE_NAME, IndexName: TABLE.openIndex }));
      return Count ?? 0;
    },
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const createTable = async (client: DynamoDBClient): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName: TABLE_NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: TABLE.partitionKey, AttributeType: 'S' },
        { AttributeName: TABLE.sortKey, AttributeType: 'S' },
        { AttributeName: TABLE.open, AttributeType: 'S' },
        { AttributeName: TABLE.startedAt, AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
        { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: TABLE.startedAtIndex,
          KeySchema: [
            { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
            { AttributeName: TABLE.startedAt, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: TABLE.openIndex,
          KeySchema: [
            { AttributeName: TABLE.open, KeyType: 'HASH' },
            { AttributeName: TABLE.startedAt, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName: TABLE_NAME });
};
