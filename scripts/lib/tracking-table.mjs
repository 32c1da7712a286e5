import { once } from 'node:events';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { TABLE } from '@sfn-redshift/shared/names';
import dynalite from 'dynalite';

/** The tracking table, for tests, in a DynamoDB that stands in for AWS's. It is in memory only. */
export const startTrackingTable = async (TableName) => {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${server.address().port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  });
  await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...SCHEMA }));
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName });
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

const key = (AttributeName, KeyType) => ({ AttributeName, KeyType });

/** As the construct makes it: the local index holds whole items, the open one keys only. */
const SCHEMA = {
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
};
