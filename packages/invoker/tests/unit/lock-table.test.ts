import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { decodeLockRow, type LockedItem, type LockHolder, lockHolderOf, lockKeyOf } from '@sfn-redshift/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LockTable, lockTable } from '../../src/lock-table.ts';
import { startAwsServer } from '../helpers/aws-server.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../helpers/dynamo-table.ts';
import { MemoryLocks } from '../helpers/memory-locks.ts';
import { itemWith, REQUEST } from '../helpers/requests.ts';

let dynamo: DynamoTable;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamo = await startDynamoTable();
  client = dynamo.client;
});

afterAll(() => dynamo.close());

let locksMade = 0;
let mine: LockedItem;
let theirs: LockedItem;

beforeEach(() => {
  const lock = `lock-${(locksMade += 1)}`;
  mine = { ...itemWith({ generation: 2 }), lock };
  theirs = { ...itemWith({}, { ...REQUEST, executionArn: 'arn:theirs' }), lock };
});

const rowOf = async (lock: string) => {
  const { Item } = await client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: marshall(lockKeyOf(lock)) }));
  return Item && unmarshall(Item);
};

interface Subject {
  readonly locks: LockTable;
  readonly holderOf: (lock: string) => Promise<LockHolder | undefined>;
}

const inDynamoDb = (): Subject => ({
  locks: lockTable(client, TABLE_NAME),
  holderOf: async (lock) => decodeLockRow(await rowOf(lock)),
});

const inMemory = (): Subject => {
  const locks = new MemoryLocks();
  return { locks, holderOf: (lock) => Promise.resolve(locks.holderOf(lock)) };
};

describe.each<[string, () => Subject]>([
  ['a lock in DynamoDB', inDynamoDb],
  ['a lock in memory', inMemory],
])('%s', (_, make) => {
  let locks: LockTable;
  let holderOf: Subject['holderOf'];
  beforeEach(() => {
    ({ locks, holderOf } = make());
  });

  it('is held by who takes it first', async () => {
    expect(await locks.hold(mine)).toEqual({ done: true });

    expect(await locks.hold(theirs)).toEqual({ done: false, holder: lockHolderOf(mine) });
    expect(await holderOf(mine.lock)).toEqual(lockHolderOf(mine));
  });

  it('is held by one of ten that take it at once', async () => {
    const items = Array.from({ length: 10 }, (_item, index) => ({ ...mine, invocationKey: `${index}` }));

    const all = await Promise.all(items.map((item) => locks.hold(item)));

    expect(all.filter(({ done }) => done)).toHaveLength(1);
    const winner = items[all.findIndex(({ done }) => done)];
    expect(await holderOf(mine.lock)).toMatchObject({ holderKey: winner?.invocationKey });
  });

  it('is held anew by its holder, in the same generation or a later one, to a later deadline', async () => {
    await locks.hold(mine);

    expect(await locks.hold({ ...mine, startDeadline: mine.startDeadline + 1 })).toEqual({ done: true });
    const later = { ...mine, generation: 3 };
    expect(await locks.hold(later)).toEqual({ done: true });

    expect(await holderOf(mine.lock)).toEqual(lockHolderOf(later));
    expect(await locks.hold(mine)).toEqual({ done: false, holder: lockHolderOf(later) });
  });

  it.each<[what: string, changes: Partial<LockedItem>]>([
    ['owner', { owner: 'another' }],
    ['key', { invocationKey: 'another' }],
  ])('is not held by an item of another %s', async (_what, changes) => {
    await locks.hold(mine);

    expect(await locks.hold({ ...mine, ...changes })).toEqual({ done: false, holder: lockHolderOf(mine) });
    expect(await locks.release({ ...mine, ...changes })).toBe(false);
    expect(await holderOf(mine.lock)).toEqual(lockHolderOf(mine));
  });

  it('is free for others once it was let go', async () => {
    await locks.hold(mine);

    expect(await locks.release({ ...mine, generation: 3 })).toBe(true);

    expect(await holderOf(mine.lock)).toBeUndefined();
    expect(await locks.release(mine)).toBe(false);
    expect(await locks.hold(theirs)).toEqual({ done: true });
  });

  it('is not let go for an earlier generation: that has closed late', async () => {
    await locks.hold(mine);

    expect(await locks.release({ ...mine, generation: 1 })).toBe(false);
    expect(await holderOf(mine.lock)).toEqual(lockHolderOf(mine));
  });

  it('is taken from the holder that was read', async () => {
    await locks.hold(mine);

    expect(await locks.steal(theirs, lockHolderOf(mine))).toBe(true);
    expect(await holderOf(mine.lock)).toEqual(lockHolderOf(theirs));
  });

  it.each<[what: string, changes: Partial<LockedItem>]>([
    ['has another owner', { owner: 'another' }],
    ['has another key', { invocationKey: 'another' }],
    ['claims a later generation', { generation: 3 }],
    ['has another deadline', { startDeadline: 7 }],
  ])('is not taken from a holder that %s by now', async (_what, changes) => {
    const now = { ...mine, ...changes };
    await locks.hold(now);

    expect(await locks.steal(theirs, lockHolderOf(mine))).toBe(false);
    expect(await holderOf(mine.lock)).toEqual(lockHolderOf(now));
  });

  it('that was let go is not taken from who had it, but held', async () => {
    await locks.hold(mine);
    await locks.release(mine);

    expect(await locks.steal(theirs, lockHolderOf(mine))).toBe(false);
  });

  it('is taken by one of ten that have read the same holder', async () => {
    await locks.hold(mine);
    const items = Array.from({ length: 10 }, (_item, index) => ({ ...theirs, invocationKey: `${index}` }));

    const all = await Promise.all(items.map((item) => locks.steal(item, lockHolderOf(mine))));

    expect(all.filter((done) => done)).toHaveLength(1);
  });
});

describe("a lock's row", () => {
  it('expires with the item of its holder, and is in no index', async () => {
    const locks = lockTable(client, TABLE_NAME);
    const key = { owner: mine.lock, invocationKey: 'lock' };

    await locks.hold(mine);
    expect(await rowOf(mine.lock)).toEqual({ ...key, ...lockHolderOf(mine), expiresAt: mine.expiresAt });
    await locks.release(mine);
    expect(await rowOf(mine.lock)).toEqual({ ...key, expiresAt: mine.expiresAt });
  });

  it('that DynamoDB sends along with its refusal is not read once more', async () => {
    const aws = await startAwsServer(() => ({
      status: 400,
      body: {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
        Item: marshall({ ...lockKeyOf(mine.lock), ...lockHolderOf(theirs) }),
      },
    }));
    const answering = new DynamoDBClient(aws.client);

    const held = await lockTable(answering, TABLE_NAME).hold(mine);

    expect(held).toEqual({ done: false, holder: lockHolderOf(theirs) });
    expect(aws.calls.map(({ target }) => target)).toEqual(['DynamoDB_20120810.UpdateItem']);
    expect(aws.calls[0]?.body).toMatchObject({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    answering.destroy();
    await aws.close();
  });

  it('that is not sent along is read as it stands now', async () => {
    const aws = await startAwsServer(({ target }) =>
      target.endsWith('.GetItem')
        ? { body: { Item: marshall({ ...lockKeyOf(mine.lock), ...lockHolderOf(theirs) }) } }
        : { status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' } },
    );
    const answering = new DynamoDBClient(aws.client);

    expect(await lockTable(answering, TABLE_NAME).hold(mine)).toEqual({ done: false, holder: lockHolderOf(theirs) });

    expect(aws.calls[1]?.body).toMatchObject({ ConsistentRead: true });
    answering.destroy();
    await aws.close();
  });

  it('that cannot be written fails the request', async () => {
    const aws = await startAwsServer(() => ({ status: 400, body: { __type: 'AccessDeniedException' } }));
    const refusing = new DynamoDBClient(aws.client);

    const locks = lockTable(refusing, TABLE_NAME);
    await expect(locks.hold(mine)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(locks.release(mine)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    refusing.destroy();
    await aws.close();
  });
});
