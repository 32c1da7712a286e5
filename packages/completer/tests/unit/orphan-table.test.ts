import { encodeTrackingItem, type TrackingItem } from '@sfn-redshift/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnreadableItem } from '../../src/errors.ts';
import { type OrphanTable, orphanTable } from '../../src/orphan-table.ts';
import { type StatementTable, statementTable } from '../../src/statement-table.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../helpers/dynamo-table.ts';
import { ITEM, KEY } from '../helpers/fixtures.ts';
import { MemoryTable } from '../helpers/memory-table.ts';

let dynamo: DynamoTable;

beforeAll(async () => {
  dynamo = await startDynamoTable();
});

afterAll(() => dynamo.close());

interface Setup {
  readonly table: OrphanTable & Pick<StatementTable, 'read'>;
  readonly seed: (item: TrackingItem) => Promise<unknown>;
}

const inDynamoDb = (): Setup => ({
  table: { ...statementTable(dynamo.client, TABLE_NAME), ...orphanTable(dynamo.client, TABLE_NAME) },
  seed: (item) => dynamo.put(encodeTrackingItem(item)),
});

const inMemory = (): Setup => {
  const table = new MemoryTable([]);
  return { table, seed: (item) => Promise.resolve(table.seed(item)) };
};

const all = async (items: AsyncIterable<TrackingItem>) => {
  const found: TrackingItem[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const CLOSED = { status: 'closed', outcome: 'FINISHED', delivered: true } as const;

describe.each<[string, () => Setup]>([
  ['the table in DynamoDB', inDynamoDb],
  ['the table in memory', inMemory],
])('%s', (place, set) => {
  const own = (owner: string, n: number, changes: Partial<TrackingItem> = {}): TrackingItem => ({
    ...ITEM,
    owner: `${place} ${owner}`,
    invocationKey: String(n).repeat(32),
    startedAt: ITEM.startedAt + n,
    ...changes,
  });

  it('gives what an owner has open, the newest first', async () => {
    const { table, seed } = set();
    const [first, second, cancelling] = [own('a', 1), own('a', 2), own('a', 4, { status: 'cancelling' })];
    for (const item of [first, cancelling, second, own('a', 3, CLOSED), own('b', 5)]) await seed(item);

    expect(await all(table.openItems(first.owner))).toEqual([cancelling, second, first]);
  });

  it('gives nothing of an owner that has nothing', async () => {
    expect(await all(set().table.openItems('nobody'))).toEqual([]);
  });

  it('gives what takes more than one page', async () => {
    const { table, seed } = set();
    const many = Array.from({ length: 9 }, (_, n) => own('many', n, { shortSql: 'x'.repeat(200_000) }));
    for (const item of many) await seed(item);

    expect(await all(table.openItems(own('many', 0).owner))).toHaveLength(9);
  });

  it('marks an open item as cancelling, and nothing else of it', async () => {
    const { table, seed } = set();
    const item = own('mark', 1);
    await seed(item);

    expect(await table.markCancelling(item)).toBe(true);

    expect(await table.read(item)).toEqual({ ...item, status: 'cancelling' });
    expect(await table.markCancelling(item, 'maxRuntimeSeconds')).toBe(true);
    expect(await table.read(item)).toEqual({ ...item, status: 'cancelling', cancelCause: 'maxRuntimeSeconds' });
  });

  it('notes since when a task is gone, and nothing else', async () => {
    const { table, seed } = set();
    const item = own('gone', 1);
    await seed(item);

    expect(await table.noteGone(item, 5_000)).toBe(true);

    expect(await table.read(item)).toEqual({ ...item, goneSince: 5_000 });
  });

  it('notes why nobody will ask the invoker again, likewise', async () => {
    const { table, seed } = set();
    const item = own('given up', 1);
    await seed(item);

    expect(await table.noteGivenUp(item, 'no more tries')).toBe(true);
    expect(await table.noteGivenUp({ ...item, generation: 2 }, 'another')).toBe(false);

    expect(await table.read(item)).toEqual({ ...item, givenUp: 'no more tries' });
  });

  it.each<[string, Partial<TrackingItem>]>([
    ['closed', CLOSED],
    ['of another generation', { generation: 2 }],
  ])('leaves an item alone that is %s', async (_case, changes) => {
    const { table, seed } = set();
    const standing = own('standing', 1, changes);
    await seed(standing);

    expect(await table.markCancelling({ ...standing, generation: 1 })).toBe(false);
    expect(await table.noteGone({ ...standing, generation: 1 }, 5_000)).toBe(false);

    expect(await table.read(standing)).toEqual(standing);
  });

  it('does not write an item that is not there', async () => {
    const { table } = set();

    expect(await table.markCancelling(own('absent', 1))).toBe(false);
    expect(await table.noteGone(own('absent', 1), 5_000)).toBe(false);

    expect(await table.read(own('absent', 1))).toBeUndefined();
  });
});

describe('an item in DynamoDB that a newer invoker wrote in another form', () => {
  it('is told after all others were given', async () => {
    const { table, seed } = inDynamoDb();
    await seed({ ...ITEM, owner: 'mixed' });
    const newer = { ...KEY, invocationKey: 'f'.repeat(32), startedAt: ITEM.startedAt + 1, open: 'open' };
    await dynamo.put({ ...newer, owner: 'mixed', contractVersion: 2, status: 'parked' });
    const given: TrackingItem[] = [];

    const reading = async () => {
      for await (const item of table.openItems('mixed')) given.push(item);
    };

    await expect(reading()).rejects.toThrow(UnreadableItem);
    expect(given).toEqual([{ ...ITEM, owner: 'mixed' }]);
  });
});
