import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  decodeLockRow,
  type HeldLocks,
  HOLDS_LOCK,
  holdsLockValues,
  type LockedItem,
  type LockHolder,
  lockHolderOf,
  lockKeyOf,
  RELEASE_LOCK,
  type TrackingItem,
} from '@sfn-redshift/shared';
import { placeholdersOf } from './expressions.ts';

/** Whether a lock is held now; if not, who stood in the way: undefined where nobody does any more. */
export type Held = { readonly done: true } | { readonly done: false; readonly holder: LockHolder | undefined };

/** The locks in the tracking table. Every write is conditional, and may be repeated. */
export interface LockTable extends HeldLocks {
  /** Makes the item the holder of its lock, where nobody is, or it is itself in this generation or an earlier one. */
  hold(item: LockedItem): Promise<Held>;
  /** Makes the item the holder in place of another one, if that is still as it was read; tells whether it was. */
  steal(item: LockedItem, holder: LockHolder): Promise<boolean>;
}

const HOLD = [
  'SET #holderOwner = :holderOwner, #holderKey = :holderKey, #holderGeneration = :holderGeneration,',
  '#statementName = :statementName, #heldUntil = :heldUntil, #expiresAt = :expiresAt',
].join(' ');
const IS_FREE = 'attribute_not_exists(#holderKey)';
const IS_AS_READ =
  '#holderOwner = :owner AND #holderKey = :key AND #holderGeneration = :generation AND #heldUntil = :until';

export const lockTable = (client: DynamoDBClient, tableName: string): LockTable => {
  const update = updateIn(client, tableName);
  return {
    hold: async (item) => {
      const condition = `${IS_FREE} OR (${HOLDS_LOCK})`;
      const failed = await update(item.lock, HOLD, condition, { ...valuesOf(item), ...holdsLockValues(item) });
      return failed ? { done: false, holder: await holderIn(failed, item.lock, client, tableName) } : { done: true };
    },
    steal: async (item, { holderOwner: owner, holderKey: key, holderGeneration: generation, heldUntil: until }) =>
      !(await update(item.lock, HOLD, IS_AS_READ, { ...valuesOf(item), owner, key, generation, until })),
    release: async (item) => !(await update(item.lock, RELEASE_LOCK, HOLDS_LOCK, holdsLockValues(item))),
  };
};

/** A statement runs for a day at most, and its item is kept as long at least: so the lock outlasts it. */
const valuesOf = (item: TrackingItem) => ({ ...lockHolderOf(item), expiresAt: item.expiresAt });

/** Updates the row of a lock; gives the exception where the condition did not hold. */
const updateIn =
  (client: DynamoDBClient, TableName: string) =>
  async (
    lock: string,
    UpdateExpression: string,
    ConditionExpression: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<ConditionalCheckFailedException | undefined> => {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: marshall(lockKeyOf(lock)),
          UpdateExpression,
          ConditionExpression,
          ...placeholdersOf([UpdateExpression, ConditionExpression], values),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error;
      throw error;
    }
  };

/** The exception carries the row; not every stand-in for DynamoDB does so, hence the read. */
const holderIn = async (
  { Item }: ConditionalCheckFailedException,
  lock: string,
  client: DynamoDBClient,
  TableName: string,
): Promise<LockHolder | undefined> => {
  const get = () =>
    client.send(new GetItemCommand({ TableName, Key: marshall(lockKeyOf(lock)), ConsistentRead: true }));
  const row = Item ?? (await get()).Item;
  return decodeLockRow(row && unmarshall(row));
};
