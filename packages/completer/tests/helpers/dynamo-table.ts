import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { names } from '@sfn-redshift/shared';
import { startTrackingTable, type TestedTable } from '../../../../scripts/lib/tracking-table.mjs';

const { TABLE } = names;

export const TABLE_NAME = 'tracking';

export interface DynamoTable extends TestedTable {
  put(attributes: Record<string, unknown>): Promise<unknown>;
  /** How many rows the index of open statements has. */
  opened(): Promise<number>;
}

export const startDynamoTable = async (): Promise<DynamoTable> => {
  const table = await startTrackingTable(TABLE_NAME);
  const { client } = table;
  return {
    ...table,
    put: (attributes) => client.send(new PutItemCommand({ TableName: TABLE_NAME, Item: marshall(attributes) })),
    opened: async () => {
      const { Count } = await client.send(new ScanCommand({ TableName: TABLE_NAME, IndexName: TABLE.openIndex }));
      return Count ?? 0;
    },
  };
};
