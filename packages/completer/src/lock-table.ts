import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type HeldLocks, HOLDS_LOCK, holdsLockValues, LOCK_NAMES, lockKeyOf, RELEASE_LOCK } from '@sfn-redshift/shared';
import { conditionHeld } from './conditional-write.ts';

/** The locks in the tracking table. */
export const lockTable = (client: DynamoDBClient, TableName: string): HeldLocks => ({
  release: (item) =>
    conditionHeld(() =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: marshall(lockKeyOf(item.lock)),
          UpdateExpression: RELEASE_LOCK,
          ConditionExpression: HOLDS_LOCK,
          ExpressionAttributeNames: LOCK_NAMES,
          ExpressionAttributeValues: marshall(
            Object.fromEntries(Object.entries(holdsLockValues(item)).map(([name, value]) => [`:${name}`, value])),
          ),
        }),
      ),
    ),
});
