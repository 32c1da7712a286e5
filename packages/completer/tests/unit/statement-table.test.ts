import { encodeTrackingItem, MalformedMessage } from '@sfn-redshift/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnreadableItem } from '../../src/errors.ts';
import { type StatementTable, statementTable } from '../../src/statement-table.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../helpers/dynamo-table.ts';
import { ITEM, KEY, NOW, STATEMENT_ID } from '../helpers/fixtures.ts';
import { MemoryTable } from '../helpers/memory-table.ts';

let dynamo: DynamoTable;

beforeAll(async () => {
  dynamo = await startDynamoTable();
});

afterAll(() => dynamo.close());

const CLOSING = { outcome: 'FINISHED', delivered: true, statementId: STATEMENT_ID, closedAt: NOW } as const;

const inDynamoDb = () => ({
  table: statementTable(dynamo.client, TABLE_NAME),
  seed: (item: typeof ITEM) => dynamo.put(encodeTrackingItem(item)),
});

const inMemory = () => {
  const table = new MemoryTable([]);
  return { table, seed: (item: typeof ITEM) => Promise.resolve(table.seed(item)) };
};

interface Setup {
  readonly table: StatementTable;
  readonly seed: (item: typeof ITEM) => Promise<unknown>;
}

describe.each<[string, () => Setup]>([
  ['the table in DynamoDB', inDynamoDb],
  ['the table in memory', inMemory],
])('%s', (_, set) => {
  it('gives the item, or undefined where there is none', async () => {
    const { table, seed } = set();
    await seed(ITEM);

    expect(await table.read(KEY)).toEqual(ITEM);
    expect(await table.read({ ...KEY, invocationKey: 'f'.repeat(32) })).toBeUndefined();
  });

  it('closes an open item', async () => {
    const { table, seed } = set();
    await seed(ITEM);

    expect(await table.close(ITEM, CLOSING)).toBe(true);

    expect(await table.read(KEY)).toEqual({ ...ITEM, status: 'closed', ...CLOSING });
  });

  it('closes an item whose id was never noted, with the id of the event', async () => {
    const { table, seed } = set();
    const { statementId: _id, ...starting } = ITEM;
    await seed({ ...starting, status: 'starting' });

    expect(await table.close(ITEM, { ...CLOSING, outcome: 'ABORTED' })).toBe(true);

    expect(await table.read(KEY)).toMatchObject({ status: 'closed', outcome: 'ABORTED', statementId: STATEMENT_ID });
  });

  it('writes no `delivered` where nobody was to be told', async () => {
    const { table, seed } = set();
    await seed(ITEM);

    await table.close(ITEM, { ...CLOSING, delivered: undefined });

    expect(await table.read(KEY)).not.toHaveProperty('delivered');
  });

  it.each([
    ['of another generation', { ...ITEM, generation: 2 }],
    ['closed already', { ...ITEM, status: 'closed' as const, outcome: 'FINISHED' as const, delivered: true }],
    [
      'closed with another outcome',
      { ...ITEM, status: 'closed' as const, outcome: 'REFUSED' as const, delivered: false },
    ],
    [
      'of another generation and undelivered',
      { ...ITEM, generation: 2, status: 'closed' as const, outcome: 'FINISHED' as const, delivered: false },
    ],
  ])('leaves an item alone that is %s', async (_case, standing) => {
    const { table, seed } = set();
    await seed(standing);

    expect(await table.close(ITEM, CLOSING)).toBe(false);

    expect(await table.read(KEY)).toEqual(standing);
  });

  it('notes that the task was told where another found nobody to tell: of two callbacks only the first finds somebody', async () => {
    const { table, seed } = set();
    const undelivered = { ...ITEM, status: 'closed' as const, ...CLOSING, delivered: false };
    await seed(undelivered);

    expect(await table.close(ITEM, { ...CLOSING, delivered: undefined })).toBe(false);
    expect(await table.close(ITEM, { ...CLOSING, delivered: false })).toBe(false);
    expect(await table.read(KEY)).toEqual(undelivered);
    expect(await table.close(ITEM, { ...CLOSING, delivered: true })).toBe(true);

    expect(await table.read(KEY)).toEqual({ ...undelivered, delivered: true });
  });

  it('does not write an item that is not there', async () => {
    const { table } = set();
    const absent = { ...ITEM, owner: 'absent' };

    expect(await table.close(absent, CLOSING)).toBe(false);

    expect(await table.read(absent)).toBeUndefined();
  });
});

describe('an item in DynamoDB', () => {
  it('leaves the index of what is open when it closes', async () => {
    const { table, seed } = inDynamoDb();
    await seed(ITEM);
    expect(await dynamo.opened()).toBe(1);

    await table.close(ITEM, CLOSING);

    expect(await dynamo.opened()).toBe(0);
  });

  it('that a newer invoker wrote in another form is told apart from a malformed message', async () => {
    await dynamo.put({ ...KEY, contractVersion: 2, status: 'parked' });

    const read = inDynamoDb().table.read(KEY);

    await expect(read).rejects.toThrow(UnreadableItem);
    await expect(read).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('item.status'),
      cause: expect.any(MalformedMessage),
    });
  });

  it('keeps attributes that this build does not know', async () => {
    const { table } = inDynamoDb();
    await dynamo.put({ ...encodeTrackingItem(ITEM), lockName: 'newer' });

    await table.close(ITEM, CLOSING);

    expect(await table.read(KEY)).toMatchObject({ lockName: 'newer', status: 'closed' });
  });
});
