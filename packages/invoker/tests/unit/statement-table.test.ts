import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { encodeTrackingItem, names, type TrackingItem } from '@sfn-redshift/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StatementTable, statementTable } from '../../src/statement-table.ts';
import { type AwsServer, startAwsServer } from '../helpers/aws-server.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../helpers/dynamo-table.ts';
import { MemoryTable } from '../helpers/memory-table.ts';
import { claimWith, EXECUTION, itemWith, REQUEST, STATEMENT_ID } from '../helpers/requests.ts';

const { TABLE } = names;
const NEVER = new AbortController().signal;

let dynamo: DynamoTable;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamo = await startDynamoTable();
  client = dynamo.client;
});

afterAll(() => dynamo.close());

/** A table to test, and how to put something into it and look at what it holds. */
interface Subject {
  readonly table: StatementTable;
  readonly seed: (item: TrackingItem) => Promise<unknown>;
  readonly read: (item: TrackingItem) => Promise<Record<string, unknown> | undefined>;
}

const onDynalite = (): Subject => ({
  table: statementTable(client, TABLE_NAME),
  seed: (item) => client.send(new PutItemCommand({ TableName: TABLE_NAME, Item: marshall(encodeTrackingItem(item)) })),
  read: async ({ owner, invocationKey }) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: TABLE_NAME, Key: marshall({ owner, invocationKey }) }),
    );
    return Item && unmarshall(Item);
  },
});

const inMemory = (): Subject => {
  const table = new MemoryTable();
  return {
    table,
    seed: (item) => Promise.resolve(table.seed(item)),
    read: (item) => {
      const found = table.items.find(({ invocationKey }) => invocationKey === item.invocationKey);
      return Promise.resolve(found && encodeTrackingItem(found));
    },
  };
};

let owners = 0;
/** An owner for each test, as they share one table. */
const freshOwner = () => ({ owner: `${EXECUTION}-${(owners += 1)}` });
const REFUSED = { status: 'closed', outcome: 'REFUSED', delivered: false, closedAt: 5 } as const;

describe.each([
  ['of DynamoDB', onDynalite],
  ['of the tests', inMemory],
])('the statement table %s', (_name, makeSubject) => {
  it('claims a key once, and gives the item that stands there', async () => {
    const { table, read } = makeSubject();
    const item = claimWith(freshOwner());

    expect(await table.claim(item)).toEqual({ done: true });
    expect(await table.claim({ ...item, startDeadline: 99 })).toEqual({ done: false, standing: item });
    expect(await read(item)).toEqual({ ...item, open: 'open' });
  });

  it('claims an item without what is undefined in it', async () => {
    const { table, read } = makeSubject();
    const item = claimWith(freshOwner());

    expect(await table.claim({ ...item, heartbeatSeconds: undefined })).toEqual({ done: true });
    expect(await read(item)).toEqual({ ...item, open: 'open' });
  });

  it('claims a refused item again, of the generation before only', async () => {
    const { table, seed, read } = makeSubject();
    const refused = claimWith({ ...freshOwner(), ...REFUSED });
    await seed(refused);
    const next = claimWith({ owner: refused.owner, generation: 2 });

    expect(await table.claimAgain({ ...next, generation: 3 })).toEqual({ done: false, standing: refused });
    expect(await table.claimAgain(next)).toEqual({ done: true });
    expect(await read(next)).toEqual({ ...next, open: 'open' });
    expect(await table.claimAgain(next)).toEqual({ done: false, standing: next });
  });

  it('does not claim again what has ended otherwise', async () => {
    const { table, seed } = makeSubject();
    const ended = itemWith({ ...freshOwner(), status: 'closed', outcome: 'FINISHED', delivered: true });
    await seed(ended);

    expect(await table.claimAgain({ ...ended, generation: 2 })).toEqual({ done: false, standing: ended });
  });

  it('notes the statement of a claim that is starting', async () => {
    const { table, seed, read } = makeSubject();
    const claim = claimWith(freshOwner());
    await seed(claim);

    expect(await table.noteStatement(claim, STATEMENT_ID, NEVER)).toEqual({ done: true });
    const noted = { ...claim, status: 'submitted', statementId: STATEMENT_ID };
    expect(await read(claim)).toEqual({ ...noted, open: 'open' });
    expect(await table.noteStatement(claim, STATEMENT_ID, NEVER)).toEqual({ done: false, standing: noted });
  });

  it('notes no statement on an item of another generation, or on none', async () => {
    const { table, seed } = makeSubject();
    const claim = claimWith({ ...freshOwner(), generation: 2 });

    expect(await table.noteStatement(claim, STATEMENT_ID, NEVER)).toEqual({ done: false, standing: undefined });
    await seed(claim);
    expect(await table.noteStatement({ ...claim, generation: 1 }, STATEMENT_ID, NEVER)).toMatchObject({ done: false });
  });

  it('keeps in every update what a newer version has written', async () => {
    const { table, seed, read } = makeSubject();
    const later = { contractVersion: 2, laterObject: { list: [1, { deep: true }] } };
    const claim = { ...claimWith(freshOwner()), ...later };
    await seed(claim);

    await table.moveDeadline(claim, claim.startDeadline + 1);
    await table.noteStatement(claim, STATEMENT_ID, NEVER);
    const noted = { ...claim, status: 'submitted', statementId: STATEMENT_ID } as const;
    await table.takeOver(noted, { ...noted, generation: 2, callback: { type: 'stepFunctions', taskToken: 'next' } });
    await table.markCancelling({ ...noted, generation: 2 });

    expect(await read(claim)).toMatchObject({
      ...later,
      status: 'cancelling',
      generation: 2,
      statementId: STATEMENT_ID,
    });
  });

  it('marks a running statement as being cancelled', async () => {
    const { table, seed, read } = makeSubject();
    const item = itemWith(freshOwner());
    await seed(item);

    expect(await table.markCancelling(item)).toEqual({ done: true });
    expect(await read(item)).toEqual({ ...item, status: 'cancelling', open: 'watched' });
  });

  it.each([
    ['of another generation', { generation: 2 }],
    ['closed', { status: 'closed' as const, outcome: 'ABORTED' as const }],
  ])('does not mark an item as being cancelled that is %s', async (_what, changes) => {
    const { table, seed } = makeSubject();
    const standing = itemWith({ ...freshOwner(), ...changes });
    await seed(standing);

    expect(await table.markCancelling({ ...standing, generation: 1, status: 'submitted' })).toEqual({
      done: false,
      standing,
    });
  });

  it('closes a refused claim: it leaves the index of what is open', async () => {
    const { table, seed, read } = makeSubject();
    const claim = claimWith(freshOwner());
    await seed(claim);

    expect(await table.closeRefused(claim, 5)).toEqual({ done: true });
    expect(await read(claim)).toEqual({ ...claim, ...REFUSED });
  });

  it.each([
    ['of another generation', { generation: 2 }],
    ['taken over by another invocation', { startDeadline: 1 }],
    ['with a statement', { statementId: STATEMENT_ID }],
    ['no longer starting', { status: 'cancelling' as const }],
  ])('neither closes nor moves a claim that is %s', async (_what, changes) => {
    const { table, seed, read } = makeSubject();
    const claim = claimWith(freshOwner());
    const standing = { ...claim, ...changes };
    await seed(standing);

    expect(await table.closeRefused(claim, 5)).toEqual({ done: false, standing });
    expect(await table.moveDeadline(claim, 5)).toEqual({ done: false, standing });
    expect(await read(claim)).toEqual(encodeTrackingItem(standing));
  });

  it('closes as finished what is being cancelled, unless it has changed', async () => {
    const { table, seed, read } = makeSubject();
    const item = itemWith({ ...freshOwner(), status: 'cancelling' });
    await seed(item);

    expect(await table.closeFinished({ ...item, generation: 2 }, 5)).toEqual({ done: false, standing: item });
    expect(await table.closeFinished(item, 5)).toEqual({ done: true });
    const closed = { ...item, status: 'closed', outcome: 'FINISHED', delivered: false, closedAt: 5 };
    expect(await read(item)).toEqual(closed);
    expect(await table.closeFinished(item, 6)).toEqual({ done: false, standing: closed });
  });

  it('moves the start deadline once', async () => {
    const { table, seed, read } = makeSubject();
    const claim = claimWith(freshOwner());
    await seed(claim);

    const results = await Promise.all([table.moveDeadline(claim, 5), table.moveDeadline(claim, 6)]);

    expect(results.filter(({ done }) => done)).toHaveLength(1);
    expect([5, 6]).toContain((await read(claim))?.['startDeadline']);
  });

  it('reads an item, or that there is none', async () => {
    const { table, seed } = makeSubject();
    const item = itemWith(freshOwner());

    expect(await table.read(item)).toBeUndefined();
    await seed(item);
    expect(await table.read(item)).toEqual(item);
  });

  it('replaces what was made only to adopt another by a claim of the next generation', async () => {
    const { table, read } = makeSubject();
    const claim = claimWith(freshOwner());
    const pointer = { ...claim, status: 'closed' as const, adopts: { invocationKey: 'other', generation: 1 } };
    await table.claim(pointer);
    expect(await read(claim)).toEqual(pointer);

    expect(await table.claimAgain({ ...claim, generation: 3 })).toMatchObject({ done: false });
    expect(await table.claimAgain({ ...claim, generation: 2 })).toEqual({ done: true });
    expect(await read(claim)).toEqual({ ...claim, generation: 2, open: 'open' });
  });

  const OTHERS = {
    callback: { type: 'stepFunctions', taskToken: 'other' },
    startDeadline: 77,
    expiresAt: 88,
    generation: 2,
  } as const;
  const RETRIED = { state: 'Load', enteredTime: 'now', retryCount: 1, redriveCount: 0 };

  it.each<[string, Partial<TrackingItem>]>([
    ['that runs', {}],
    ['that is being cancelled', { status: 'cancelling' }],
    ['that has ended undelivered', { status: 'closed', outcome: 'FINISHED', delivered: false, closedAt: 5 }],
    ['that has ended', { status: 'closed', outcome: 'FAILED', delivered: true, closedAt: 5 }],
    ['that nobody was to be told of', { status: 'closed', outcome: 'FAILED', closedAt: 5 }],
    ['whose id was noted before its status', { status: 'starting' }],
    ['of which nobody knows the id', { status: 'closed', outcome: 'UNKNOWN', delivered: false, statementId: '' }],
  ])('gives a statement %s to another attempt, once', async (_what, changes) => {
    const { table, seed, read } = makeSubject();
    const { statementId, ...claim } = itemWith({ ...freshOwner(), ...changes });
    const standing = statementId ? { ...claim, statementId } : claim;
    await seed(standing);
    const { outcome: _outcome, delivered: _delivered, closedAt: _closedAt, ...kept } = standing;
    const status = standing.status === 'closed' ? 'submitted' : standing.status;
    const next = { ...kept, ...OTHERS, status, attempt: RETRIED };

    expect(await table.takeOver(standing, next)).toEqual({ done: true });
    expect(await read(standing)).toEqual(encodeTrackingItem(next));
    expect(await table.takeOver(standing, next)).toEqual({ done: false, standing: next });
  });

  it('keeps what the next task asks for, and nothing of what the one before did', async () => {
    const { table, seed, read } = makeSubject();
    const clocks = { executionArn: 'before', heartbeatSeconds: 200, maxRuntimeSeconds: 60, errors: 'cause' };
    const plain = itemWith(freshOwner());
    const standing = { ...plain, ...clocks, goneSince: 5 };
    await seed(standing);
    const next = { ...plain, ...OTHERS };

    expect(await table.takeOver(standing, next)).toEqual({ done: true });
    expect(await read(standing)).toEqual(encodeTrackingItem(next));
    const again = { ...next, ...clocks, heartbeatSeconds: 300, generation: 3 };
    expect(await table.takeOver(next, again)).toEqual({ done: true });
    expect(await read(standing)).toEqual(encodeTrackingItem(again));
  });

  it('gives a claim without a statement to another attempt, and to one that is none', async () => {
    const { table, seed, read } = makeSubject();
    const standing = claimWith(freshOwner());
    await seed(standing);
    const { attempt: _attempt, ...next } = { ...standing, ...OTHERS, startGeneration: 1 };

    expect(await table.takeOver(standing, next)).toEqual({ done: true });
    expect(await read(standing)).toEqual(encodeTrackingItem(next));
  });

  it.each<[string, Partial<TrackingItem>, Partial<TrackingItem>]>([
    ['has been taken over', {}, { generation: 2 }],
    ['is being cancelled', {}, { status: 'cancelling' }],
    ['has ended', {}, { status: 'closed', outcome: 'FINISHED', delivered: false }],
    [
      'was delivered after all',
      { status: 'closed', outcome: 'FINISHED', delivered: false },
      { status: 'closed', outcome: 'FINISHED', delivered: true },
    ],
  ])('neither gives away nor cancels a statement that %s meanwhile', async (_what, before, after) => {
    const { table, seed, read } = makeSubject();
    const owner = freshOwner();
    const [found, standing] = [itemWith({ ...owner, ...before }), itemWith({ ...owner, ...after })];
    await seed(standing);

    expect(await table.takeOver(found, { ...found, ...OTHERS })).toEqual({ done: false, standing });
    expect(await table.markCancelling(found)).toEqual({ done: false, standing });
    expect(await read(found)).toEqual(encodeTrackingItem(standing));
  });

  it('does not give away a claim that another has taken over, or that has a statement by now', async () => {
    const { table, seed } = makeSubject();
    const claim = claimWith(freshOwner());
    for (const changes of [{ startDeadline: 1 }, { statementId: STATEMENT_ID }]) {
      await seed({ ...claim, ...changes });
      expect(await table.takeOver(claim, { ...claim, ...OTHERS })).toMatchObject({ done: false });
    }
  });

  it('marks a statement that is being cancelled', async () => {
    const { table, seed, read } = makeSubject();
    const item = itemWith(freshOwner());
    await seed(item);

    expect(await table.markCancelling(item)).toEqual({ done: true });
    expect(await read(item)).toEqual({ ...item, status: 'cancelling', open: 'watched' });
  });

  it('gives the attempt chain of an item: its owner, target, state, entry and work', async () => {
    const { table, seed } = makeSubject();
    const { owner } = freshOwner();
    const item = itemWith({ owner, invocationKey: 'own', startedAt: 3, attempt: RETRIED });
    const stored = (invocationKey: string, changes: Partial<TrackingItem>) =>
      seed({ ...item, invocationKey, ...changes });
    await seed(item);
    await stored('first', { startedAt: 1, attempt: { ...RETRIED, retryCount: 0 } });
    await stored('claim', { startedAt: 2, status: 'closed' });
    await stored('state', { attempt: { ...RETRIED, state: 'Other' } });
    await stored('entry', { attempt: { ...RETRIED, enteredTime: 'later' } });
    await stored('target', { targetId: 'second' });
    await stored('work', { workHash: 'other' });
    await stored('foreign', freshOwner());

    const chain = await table.attemptChain(item);

    expect(chain.map(({ invocationKey }) => invocationKey)).toEqual(['own', 'claim', 'first']);
  });

  it('gives the newest statements first: of one owner and target, with an id, of a state where asked', async () => {
    const { table, seed } = makeSubject();
    const { owner } = freshOwner();
    const stored = (invocationKey: string, startedAt: number, changes: Partial<TrackingItem> = {}) =>
      seed(itemWith({ owner, invocationKey, startedAt, statementId: invocationKey, ...changes }));
    const attempt = { state: 'Other', enteredTime: 'now', retryCount: 0, redriveCount: 0 };
    await stored('old', 1);
    await stored('new', 3);
    await stored('other-state', 2, { attempt });
    await stored('other-target', 9, { targetId: 'second' });
    await seed(claimWith({ owner, invocationKey: 'claim', startedAt: 9 }));
    await stored('foreign', 9, freshOwner());

    const found = async (state?: string) => {
      const ids: unknown[] = [];
      for await (const item of table.newestStatements(owner, { targetId: 'default', ...(state && { state }) })) {
        ids.push(item.statementId);
      }
      return ids;
    };

    expect(await found()).toEqual(['new', 'other-state', 'old']);
    expect(await found('Other')).toEqual(['other-state']);
    expect(await found('Unknown')).toEqual([]);
  });

  it('reads page after page, as far as it is asked', async () => {
    const { table, seed } = makeSubject();
    const { owner } = freshOwner();
    await seed(itemWith({ owner, invocationKey: 'wanted', startedAt: 0 }));
    const others = Array.from({ length: 60 }, (_, n) =>
      seed(itemWith({ owner, invocationKey: `other-${n}`, startedAt: n + 1, targetId: 'second' })),
    );
    await Promise.all(others);

    const statements = table.newestStatements(owner, { targetId: 'default' })[Symbol.asyncIterator]();

    expect((await statements.next()).value).toMatchObject({ invocationKey: 'wanted' });
  });

  it('reads all items of an owner, the newest first', async () => {
    const { table, seed } = makeSubject();
    const { owner } = freshOwner();
    await seed(itemWith({ owner, invocationKey: 'old', startedAt: 1, status: 'closed' }));
    await seed(itemWith({ owner, invocationKey: 'new', startedAt: 2, targetId: 'second' }));

    expect((await table.itemsOf(owner)).map(({ invocationKey }) => invocationKey)).toEqual(['new', 'old']);
  });
});

describe('the statement table on the wire', () => {
  const standing = itemWith();
  let aws: AwsServer;
  let wired: DynamoDBClient;

  beforeAll(async () => {
    aws = await startAwsServer(({ body, target }) => ({
      status: /\.(Query|GetItem)$/.test(target) ? 200 : 400,
      body: {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
        ...(body['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' && {
          Item: marshall(encodeTrackingItem(standing)),
        }),
      },
    }));
    wired = new DynamoDBClient(aws.client);
  });

  afterAll(async () => {
    wired.destroy();
    await aws.close();
  });

  it('has the item that stands there from the refusal itself, without a read', async () => {
    const written = await statementTable(wired, TABLE_NAME).claim(claimWith());

    expect(written).toEqual({ done: false, standing });
    expect(aws.calls.map(({ target }) => target)).toEqual(['DynamoDB_20120810.PutItem']);
  });

  it('reads what is newest in one consistent query of the local index', async () => {
    const before = aws.calls.length;

    await statementTable(wired, TABLE_NAME)
      .newestStatements('owner', { targetId: 'default' })
      [Symbol.asyncIterator]()
      .next();

    expect(aws.calls.slice(before)).toMatchObject([
      {
        target: 'DynamoDB_20120810.Query',
        body: { IndexName: TABLE.startedAtIndex, ConsistentRead: true, ScanIndexForward: false, Limit: 25 },
      },
    ]);
  });

  it('reads the whole attempt chain in pages of any size', async () => {
    const before = aws.calls.length;

    expect(await statementTable(wired, TABLE_NAME).attemptChain(standing)).toEqual([]);

    expect(aws.calls.slice(before)).toHaveLength(1);
    expect(aws.calls.at(-1)?.body).not.toHaveProperty('Limit');
  });

  it('reads an item as it stands now', async () => {
    expect(await statementTable(wired, TABLE_NAME).read(standing)).toBeUndefined();

    expect(aws.calls.at(-1)).toMatchObject({ target: 'DynamoDB_20120810.GetItem', body: { ConsistentRead: true } });
  });

  it('gives up the note of a statement when it is told to', async () => {
    const noted = statementTable(wired, TABLE_NAME).noteStatement(standing, STATEMENT_ID, AbortSignal.abort());

    await expect(noted).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('fails where a write is refused for another reason than its condition', async () => {
    const refusing = await startAwsServer(({ target }) =>
      target.endsWith('.GetItem') ? { body: {} } : { status: 400, body: { __type: 'AccessDeniedException' } },
    );
    const refused = new DynamoDBClient(refusing.client);

    await expect(statementTable(refused, TABLE_NAME).claim(claimWith())).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    refused.destroy();
    await refusing.close();
  });
});

describe('what the table holds', () => {
  it('is in the index of what is open until it closes', async () => {
    const { table } = onDynalite();
    const item = claimWith({ owner: 'open-index', callback: REQUEST.callback });
    const open = async () => {
      const { Items = [] } = await client.send(
        new ScanCommand({
          TableName: TABLE_NAME,
          IndexName: TABLE.openIndex,
          FilterExpression: '#o = :o',
          ExpressionAttributeNames: { '#o': 'owner' },
          ExpressionAttributeValues: marshall({ ':o': item.owner }),
        }),
      );
      return Items.length;
    };

    await table.claim(item);
    expect(await open()).toBe(1);

    await table.closeRefused(item, 5);
    expect(await open()).toBe(0);
  });
});
