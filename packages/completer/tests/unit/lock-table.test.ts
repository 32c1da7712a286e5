import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type HeldLocks, lockHolderOf, lockKeyOf } from '@sfn-redshift/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockTable } from '../../src/lock-table.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../helpers/dynamo-table.ts';
import { ITEM } from '../helpers/fixtures.ts';

const HELD = { ...ITEM, lock: 'lock-1', generation: 2 };

let dynamo: DynamoTable;
let locks: HeldLocks;

beforeAll(async () => {
  dynamo = await startDynamoTable();
  locks = lockTable(dynamo.client, TABLE_NAME);
});

afterAll(() => dynamo.close());

const row = async () => {
  const Key = marshall(lockKeyOf(HELD.lock));
  const { Item } = await dynamo.client.send(new GetItemCommand({ TableName: TABLE_NAME, Key, ConsistentRead: true }));
  return Item && unmarshall(Item);
};

describe('releasing a lock', () => {
  const ROW = { ...lockKeyOf(HELD.lock), ...lockHolderOf(HELD), expiresAt: HELD.expiresAt };

  beforeEach(() => dynamo.put(ROW));

  it('lets it go for the item that holds it; its row stays until it expires', async () => {
    expect(await locks.release(HELD)).toBe(true);

    expect(await row()).toEqual({ ...lockKeyOf(HELD.lock), expiresAt: HELD.expiresAt });
    expect(await locks.release(HELD)).toBe(false);
  });

  it('lets it go for an item that another attempt has taken over since', async () => {
    expect(await locks.release({ ...HELD, generation: 3 })).toBe(true);
  });

  it.each([
    ['of another owner', { owner: 'another' }],
    ['of another key', { invocationKey: 'f'.repeat(32) }],
    ['in an earlier generation', { generation: 1 }],
  ])('leaves it to its holder where it is asked for an item %s', async (_what, changes) => {
    expect(await locks.release({ ...HELD, ...changes })).toBe(false);

    expect(await row()).toEqual(ROW);
  });

  it('makes no row where there is none', async () => {
    expect(await locks.release({ ...HELD, lock: 'lock-2' })).toBe(false);
  });
});
