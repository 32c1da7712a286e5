import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { HOLDS_LOCK, holdsLockValues, lockKeyOf, RELEASE_LOCK, type TrackingItem } from '@sfn-redshift/shared';
import { conditionHeld } from './conditional-write.ts';

/** An item whose statement holds a lock. */
export type LockedItem = TrackingItem & { readonly lock: string };

/** The locks in the tracking table, as far as an end concerns them. */
export interface LockTable {
  /** Lets the lock go, if the item holds it, in this generation or an earlier one; tells whether it did. */
  release(item: LockedItem): Promise<boolean>;
}

export const lockTable = (client: DynamoDBClient, TableName: string): LockTable => ({
  release: (item) =>
    conditionHeld(() =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: marshall(lockKeyOf(item.lock)),
          UpdateExpression: RELEASE_LOCK,
          ConditionExpression: HOLDS_LOCK,
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: marshall(
            Object.fromEntries(Object.entries(holdsLockValues(item)).map(([name, value]) => [`:${name}`, value])),
          ),
        }),
      ),
    ),
});

const NAMES = Object.fromEntries(
  Array.from(`${RELEASE_LOCK} ${HOLDS_LOCK}`.matchAll(/#(\w+)/g), ([mark, name]) => [mark, name ?? '']),
);
