import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Watermark } from '../../../src/sweep/watermark.ts';
import { type WatermarkRow, watermarkRow } from '../../../src/sweep/watermark-row.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../../helpers/dynamo-table.ts';

const KEY = { owner: 'sweep', invocationKey: 'watermark' };

let dynamo: DynamoTable;
let row: WatermarkRow;

beforeAll(async () => {
  dynamo = await startDynamoTable();
  row = watermarkRow(dynamo.client, TABLE_NAME);
});

afterAll(() => dynamo.close());

beforeEach(() => dynamo.put({ ...KEY, checkedUntil: 0 }));

const part = (checkedUntil: number, until: number, position: number): Watermark => ({
  checkedUntil,
  pass: { until, position },
});

describe('the watermark', () => {
  it('is none at first, then where it was moved to', async () => {
    const other = watermarkRow(dynamo.client, TABLE_NAME);
    expect(await other.move({ checkedUntil: 5_000 })).toBe(true);
    expect(await row.read()).toEqual({ checkedUntil: 5_000 });
    expect(await row.move(part(5_000, 6_000, 70))).toBe(true);
    expect(await row.read()).toEqual(part(5_000, 6_000, 70));
    expect(await row.move({ checkedUntil: 6_000 })).toBe(true);
    expect(await row.read()).toEqual({ checkedUntil: 6_000 });
  });

  it('is read as it stands now', async () => {
    const read = vi.spyOn(dynamo.client, 'send');
    onTestFinished(() => read.mockRestore());

    await row.read();

    expect(read.mock.lastCall?.[0].input).toMatchObject({ ConsistentRead: true });
  });

  it.each<[string, Watermark, Watermark, boolean]>([
    ['later', { checkedUntil: 10 }, { checkedUntil: 11 }, true],
    ['the same', { checkedUntil: 10 }, { checkedUntil: 10 }, false],
    ['earlier', { checkedUntil: 10 }, { checkedUntil: 9 }, false],
    ['within the first pass after it', { checkedUntil: 10 }, part(10, 20, 3), true],
    ['further within the pass', part(10, 20, 3), part(10, 20, 4), true],
    ['no further within the pass', part(10, 20, 3), part(10, 20, 3), false],
    ['within another pass over the same time', part(10, 20, 3), part(10, 25, 4), false],
    ['at the end of the pass', part(10, 20, 3), { checkedUntil: 20 }, true],
    ['within a pass that another run has finished', { checkedUntil: 20 }, part(10, 20, 9), false],
    ['within a later pass', part(10, 20, 3), part(20, 30, 1), true],
  ])('moves to what is %s: %j → %j, %s', async (_case, standing, next, moves) => {
    await row.move(standing);

    expect(await row.move(next)).toBe(moves);

    expect(await row.read()).toEqual(moves ? next : standing);
  });

  it('expires two days on, and is in no index', async () => {
    await row.move({ checkedUntil: 1_790_000_000_999 });

    const { Item } = await dynamo.client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: marshall(KEY) }));
    expect(unmarshall(Item ?? {})).toEqual({ ...KEY, checkedUntil: 1_790_000_000_999, expiresAt: 1_790_172_800 });
    expect(await dynamo.opened()).toBe(0);
  });
});
