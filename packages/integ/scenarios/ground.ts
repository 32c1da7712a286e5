import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { World } from './world.ts';

/** A statement that the taskers have started, by any of its ways. */
export interface Statement {
  readonly id: string;
  readonly status: string;
}

/** Where scenarios are played: the stack is deployed, and what they leave behind can be seen. */
export interface Ground {
  readonly world: World;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** Every statement that the taskers have started and that the warehouse still knows, in whatever order. */
  statements(): Promise<readonly Statement[]>;
}
