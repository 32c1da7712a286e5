import type { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { encodeTrackingItem, type TrackingItem } from '@sfn-redshift/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OrphanTable, orphanTable } from '../../../src/orphan-table.ts';
import { statementTable } from '../../../src/statement-table.ts';
import type { StartRange } from '../../../src/sweep/due-ranges.ts';
import { type OpenStatements, openStatements } from '../../../src/sweep/open-statements.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../../helpers/dynamo-table.ts';
import { ITEM, KEY } from '../../helpers/fixtures.ts';
import { MemoryOpenStatements } from '../../helpers/memory-open-statements.ts';
import { MemoryTable } from '../../helpers/memory-table.ts';

let dynamo: DynamoTable;

beforeAll(async () => {
  dynamo = await startDynamoTable();
});

afterAll(() => dynamo.close());

interface Setup {
  readonly open: OpenStatements;
  readonly orphans: OrphanTable;
  readonly seed: (item: TrackingItem) => Promise<unknown>;
  readonly stored: () => Promise<TrackingItem | undefined>;
}

const inDynamoDb = (): Setup => ({
  open: openStatements(dynamo.client, TABLE_NAME),
  orphans: orphanTable(dynamo.client, TABLE_NAME),
  seed: (item) => dynamo.put(encodeTrackingItem(item)),
  stored: () => statementTable(dynamo.client, TABLE_NAME).read(KEY),
});

const inMemory = (): Setup => {
  const table = new MemoryTable([]);
  return {
    open: new MemoryOpenStatements(table, []),
    orphans: table,
    seed: (item) => Promise.resolve(table.seed(item)),
    stored: () => Promise.resolve(table.stored(KEY)),
  };
};

const startedAt = (time: number): TrackingItem => ({ ...ITEM, owner: `owner-${time}`, startedAt: time });

const found = async (open: OpenStatements, ranges: readonly StartRange[]): Promise<number[]> => {
  const times: number[] = [];
  for await (const { owner, startedAt: time } of open.startedWithin(ranges)) {
    expect(owner).toBe(`owner-${time}`);
    times.push(time);
  }
  return times;
};

describe.each<[string, () => Setup]>([
  ['open statements in DynamoDB', inDynamoDb],
  ['open statements in memory', inMemory],
])('%s', (_, set) => {
  it('are found by start time, both ends included, in order; closed ones are not', async () => {
    const { open, seed } = set();
    for (const time of [9, 10, 20, 21, 30, 40]) await seed(startedAt(time));
    await seed({ ...startedAt(15), status: 'closed', outcome: 'FINISHED' });

    expect(
      await found(open, [
        { from: 10, to: 20 },
        { from: 30, to: 39 },
      ]),
    ).toEqual([10, 20, 30]);
    expect(await found(open, [])).toEqual([]);
  });

  it('are found page by page, and what lies between the ranges is leapt over', async () => {
    const { open, seed } = set();
    const times = Array.from({ length: 200 }, (__, index) => 1_000 + index);
    await Promise.all(times.map((time) => seed(startedAt(time))));

    expect(
      await found(open, [
        { from: 1_003, to: 1_010 },
        { from: 1_050, to: 1_140 },
        { from: 1_150, to: 1_150 },
        { from: 1_190, to: 1_300 },
      ]),
    ).toEqual(
      times.filter((t) => (t >= 1_003 && t <= 1_010) || (t >= 1_050 && t <= 1_140) || t === 1_150 || t >= 1_190),
    );
  });

  it('of one start time are all found', async () => {
    const { open, seed } = set();
    await Promise.all(
      Array.from({ length: 70 }, (__, index) => seed({ ...ITEM, invocationKey: `k${index}`, startedAt: 5_000 })),
    );

    let count = 0;
    for await (const __ of open.startedWithin([{ from: 5_000, to: 5_000 }])) count += 1;
    expect(count).toBe(70);
  });

  it('are watched, of whatever age, once they are about to be cancelled; no range finds them any more', async () => {
    const { open, orphans, seed } = set();
    const [cancelling, gone] = [startedAt(50_001), startedAt(50_002)];
    for (const item of [cancelling, gone, startedAt(50_003)]) await seed(item);
    await orphans.markCancelling(cancelling);
    await orphans.noteGone(gone, 60_000);

    const watched: number[] = [];
    for await (const statement of open.watched()) watched.push(statement.startedAt);

    expect(watched).toEqual([50_001, 50_002]);
    expect(await found(open, [{ from: 50_000, to: 50_009 }])).toEqual([50_003]);
  });

  it('get the statement that was found for their claim', async () => {
    const { open, seed, stored } = set();
    const { statementId: _id, ...claim } = ITEM;
    await seed({ ...claim, status: 'starting' });

    expect(await open.noteStatement({ ...claim, status: 'starting' }, 'found')).toBe(true);

    expect(await stored()).toEqual({ ...ITEM, status: 'submitted', statementId: 'found' });
  });

  it.each<[string, Partial<TrackingItem>]>([
    ['noted meanwhile', { status: 'submitted', statementId: 'other' }],
    ['of another generation', { status: 'starting', generation: 2 }],
    ['closed', { status: 'closed', outcome: 'FAILED' }],
  ])('are left alone where the claim is %s', async (_case, change) => {
    const { open, seed, stored } = set();
    const { statementId: _id, ...claim } = ITEM;
    const standing = { ...claim, ...change };
    await seed(standing);

    expect(await open.noteStatement({ ...claim, status: 'starting' }, 'found')).toBe(false);

    expect(await stored()).toEqual(standing);
  });
});

describe('queries of the index', () => {
  /** Gives the queries that are made of the ranges where each page ends at the next of these times, the last at none. */
  const queriesOf = async (ranges: readonly StartRange[], pageEnds: readonly number[]) => {
    const queries: unknown[] = [];
    const send = ({ input }: QueryCommand) => {
      const end = pageEnds[queries.length];
      const { ':from': from, ':to': to } = unmarshall(input.ExpressionAttributeValues ?? {});
      queries.push([from, to, input.ExclusiveStartKey && unmarshall(input.ExclusiveStartKey)['startedAt']]);
      return Promise.resolve({ Items: [], ...(end !== undefined && { LastEvaluatedKey: marshall(startedAt(end)) }) });
    };
    expect(await found(openStatements({ send } as unknown as typeof dynamo.client, TABLE_NAME), ranges)).toEqual([]);
    return queries;
  };

  it('are one for all ranges where little is open', async () => {
    const ranges = Array.from({ length: 50 }, (_, n) => ({ from: n * 10, to: n * 10 + 1 }));

    expect(await queriesOf(ranges, [])).toEqual([[0, 491, undefined]]);
  });

  it('go on where a page ends within a range, and with the next range where one ends between two', async () => {
    const ranges = [
      { from: 10, to: 20 },
      { from: 30, to: 40 },
    ];

    expect(await queriesOf(ranges, [15, 25, 40])).toEqual([
      [10, 40, undefined],
      [10, 40, 15],
      [30, 40, undefined],
      [30, 40, 40],
    ]);
  });
});
