import { readdirSync, readFileSync } from 'node:fs';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { decodeTrackingItem, parseRefusedMessage, type TrackingItem } from '@sfn-redshift/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orphanTable } from '../../src/orphan-table.ts';
import { settleBatch } from '../../src/settle-batch.ts';
import { statementTable } from '../../src/statement-table.ts';
import { openStatements } from '../../src/sweep/open-statements.ts';
import { TestDrain } from '../helpers/drain.ts';
import { type DynamoTable, startDynamoTable, TABLE_NAME } from '../helpers/dynamo-table.ts';
import { recordOf } from '../helpers/fixtures.ts';
import { TestSweep } from '../helpers/sweep.ts';

/**
 * What an invoker one contract version older or newer has started, this completer finishes. Versions before the first have
 * left golden files (shared/fixtures); what the next may write is made up: ours, with fields that nobody here knows.
 */
const FIXTURES = new URL('../../../shared/fixtures/', import.meta.url);

const PREFIX = 'tasker-1a2b3c4d/';
const MINUTE_MS = 60_000;

type Content = Record<string, unknown>;

const fixture = (file: string): Content => JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8')) as Content;

const all = (kind: string) =>
  ['v1', 'newer'].flatMap((version) =>
    readdirSync(new URL(`${version}/`, FIXTURES))
      .filter((name) => name.startsWith(`${kind}-`))
      .map((name) => ({ file: `${version}/${name}`, content: fixture(`${version}/${name}`) })),
  );

const items = all('item').map(({ file, content }) => ({ file, item: decodeTrackingItem(content) }));
/** CloudFormation's are another test's. */
const open = items.filter(({ item }) => item.status !== 'closed' && item.callback.type !== 'cloudFormation');
const closed = items.filter(({ item }) => item.status === 'closed');

/** The event of this very item's statement. */
const eventOf = (
  event: Content,
  { statementName, statementId = 'd3f1a2b4-0c1d-4e5f-8a9b-0c1d2e3f4a5b' }: TrackingItem,
) => ({
  ...event,
  detail: { ...(event['detail'] as object), statementName, statementId },
});

const drainWith = (item: TrackingItem) => {
  const drain = new TestDrain();
  drain.time = item.startDeadline + MINUTE_MS;
  drain.table.seed(item);
  const settle = (content: unknown, deferrals = 0) =>
    settleBatch([recordOf(content, 'm1', deferrals)], 30_000, { ...drain.dependencies, statementNamePrefix: PREFIX });
  return { drain, settle };
};

const tokensOf = ({ callback }: TrackingItem) => {
  if (callback.type === 'durableFunction') return [callback.callbackId];
  return callback.type === 'stepFunctions' ? [callback.taskToken] : [];
};

describe.each(open)('the open item $file', ({ item }) => {
  it.each(all('event'))('is finished by $file, and keeps all else that it holds', async ({ content }) => {
    const { drain, settle } = drainWith(item);
    const event = eventOf(content, item);

    expect(await settle(event)).toEqual({ batchItemFailures: [] });

    const { detail } = event as { detail: { state?: string; statementId: string } };
    expect(drain.answers.map(({ taskToken }) => taskToken)).toEqual(tokensOf(item));
    expect(drain.table.stored(item)).toEqual({
      ...item,
      status: 'closed',
      outcome: detail.state,
      statementId: detail.statementId,
      closedAt: drain.time,
      ...(item.callback.type !== 'none' && { delivered: true }),
    });
  });

  it.each(['FINISHED', 'FAILED', 'ABORTED'])(
    'is finished by the sweep where no event tells that it %s',
    async (state) => {
      const sweep = new TestSweep();
      sweep.time = item.startedAt + 3 * MINUTE_MS;
      sweep.watermark = { checkedUntil: item.startedAt };
      sweep.table.seed(item);
      sweep.describe = () => Promise.resolve({ state });
      sweep.list = () => Promise.resolve([{ ...item, statementId: 'listed', createdAt: item.startedAt }]);

      await sweep.run();

      expect(sweep.answers.map(({ taskToken }) => taskToken)).toEqual(tokensOf(item));
      expect(sweep.table.stored(item)).toMatchObject({ ...item, status: 'closed', outcome: state });
    },
  );

  it.each(all('execution'))('is left to its own statement where $file comes', async ({ content }) => {
    const { drain, settle } = drainWith(item);

    expect(await settle({ ...content, executionArn: item.owner })).toEqual({ batchItemFailures: [] });

    const isCancelled = item.callback.type !== 'none' && item.onTimeout !== 'leave' && item.statementId !== undefined;
    expect(drain.cancelled.map(({ statementId }) => statementId)).toEqual(isCancelled ? [item.statementId] : []);
    expect(drain.table.stored(item)).toEqual(isCancelled ? { ...item, status: 'cancelling' } : item);
  });
});

describe.each(closed)('the closed item $file', ({ item }) => {
  it.each(all('event'))('is left alone by $file', async ({ content }) => {
    const { drain, settle } = drainWith(item);

    expect(await settle(eventOf(content, item))).toEqual({ batchItemFailures: [] });

    expect(drain.answers).toEqual([]);
    expect(drain.table.stored(item)).toEqual(item);
  });
});

describe('messages that wait in the queue', () => {
  const { item } = open[0] as (typeof open)[number];

  it.each(all('refused'))('as $file are answered', async ({ content }) => {
    const { drain, settle } = drainWith(item);

    expect(await settle(content)).toEqual({ batchItemFailures: [] });

    const { callback, error } = parseRefusedMessage(content);
    const told = callback.type === 'stepFunctions' ? [{ taskToken: callback.taskToken, result: { error } }] : [];
    expect(drain.answers).toMatchObject(told);
  });

  it('and were put back by another version are put back once more', async () => {
    const { drain, settle } = drainWith({ ...item, startDeadline: Number.MAX_SAFE_INTEGER });
    drain.time = item.startedAt;
    drain.deliver = () => Promise.resolve({ type: 'gone', reason: 'TaskTimedOut' });

    await settle(eventOf(fixture('v1/event-finished.json'), item), 4);

    expect(drain.deferred).toMatchObject([{ message: { deferrals: 4 } }]);
  });
});

describe('in the table of DynamoDB', () => {
  let dynamo: DynamoTable;
  beforeAll(async () => {
    dynamo = await startDynamoTable();
  });
  afterAll(() => dynamo.close());

  const stored = async ({ owner, invocationKey }: TrackingItem) => {
    const command = new GetItemCommand({ TableName: TABLE_NAME, Key: marshall({ owner, invocationKey }) });
    return unmarshall((await dynamo.client.send(command)).Item ?? {});
  };

  it('what a newer version has written survives each write of ours', async () => {
    const content = fixture('newer/item-starting.json');
    const item = decodeTrackingItem(content);
    await dynamo.put(content);

    await openStatements(dynamo.client, TABLE_NAME).noteStatement(item, 'id-1');
    expect(await stored(item)).toEqual({ ...content, statementId: 'id-1', status: 'submitted' });
    await orphanTable(dynamo.client, TABLE_NAME).markCancelling({ ...item, statementId: 'id-1', status: 'submitted' });
    expect(await stored(item)).toEqual({ ...content, statementId: 'id-1', status: 'cancelling', open: 'watched' });

    const closing = { outcome: 'FINISHED', delivered: true, statementId: 'id-1', closedAt: 1 } as const;
    await statementTable(dynamo.client, TABLE_NAME).close(item, closing);
    const { open: _open, ...kept } = content;
    expect(await stored(item)).toEqual({ ...kept, ...closing, status: 'closed' });
  });
});
