import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { names } from '@sfn-redshift/shared';
import dynalite from 'dynalite';

const { TABLE } = names;

/** The tracking table as the stage has it: in dynalite, behind the SDK's own client. */
export interface RealTable {
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

export const startRealTable = async (TableName: string): Promise<RealTable> => {
  const server: Server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  });
  await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...SCHEMA }));
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

const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const });
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const });

/** As the construct makes it. */
const SCHEMA = {
  AttributeDefinitions: [
    { AttributeName: TABLE.partitionKey, AttributeType: 'S' as const },
    { AttributeName: TABLE.sortKey, AttributeType: 'S' as const },
    { AttributeName: TABLE.startedAt, AttributeType: 'N' as const },
    { AttributeName: TABLE.open, AttributeType: 'S' as const },
  ],
  KeySchema: [hash(TABLE.partitionKey), range(TABLE.sortKey)],
  LocalSecondaryIndexes: [
    {
      IndexName: TABLE.startedAtIndex,
      KeySchema: [hash(TABLE.partitionKey), range(TABLE.startedAt)],
      Projection: { ProjectionType: 'ALL' as const },
    },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: TABLE.openIndex,
      KeySchema: [hash(TABLE.open), range(TABLE.startedAt)],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
};
