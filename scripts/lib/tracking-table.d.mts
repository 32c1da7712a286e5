import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface TestedTable {
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

export function startTrackingTable(tableName: string): Promise<TestedTable>;
