import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { names } from '@sfn-redshift/shared';
import dynalite from 'dynalite';

const { TABLE } = names;

export const TABLE_NAME = 'tracking';

/** The tracking table in a DynamoDB that stands in for AWS's. */
export interface DynamoTable {
  readonly client: DynamoDBClient;
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
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** As the construct makes it: the local index holds whole items, the open one keys only. */
const createTable = async (admin: DynamoDBClient) => {
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  await admin.send(
    new CreateTableCommand({
      TableName: TABLE_NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: TABLE.partitionKey, AttributeType: 'S' },
        { AttributeName: TABLE.sortKey, AttributeType: 'S' },
        { AttributeName: TABLE.startedAt, AttributeType: 'N' },
        { AttributeName: TABLE.open, AttributeType: 'S' },
      ],
      KeySchema: [key(TABLE.partitionKey, 'HASH'), key(TABLE.sortKey, 'RANGE')],
      LocalSecondaryIndexes: [
        {
          IndexName: TABLE.startedAtIndex,
          KeySchema: [key(TABLE.partitionKey, 'HASH'), key(TABLE.startedAt, 'RANGE')],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: TABLE.openIndex,
          KeySchema: [key(TABLE.open, 'HASH'), key(TABLE.startedAt, 'RANGE')],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client: admin, maxWaitTime: 10, minDelay: 1 }, { TableName: TABLE_NAME });
};
