import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { marshall } from '@aws-sdk/util-dynamodb';
import { encodeTrackingItem, names, type TrackingItem } from '@sfn-redshift/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actAsOwner } from '../../src/act-as-owner.ts';
import { taskCallback } from '../../src/callback.ts';
import { completionQueue } from '../../src/completion-queue.ts';
import { durableCallbacks } from '../../src/lambda-callbacks.ts';
import { lockTable } from '../../src/lock-table.ts';
import { orphanTable } from '../../src/orphan-table.ts';
import { drainResultPace, ownerResults, resultSession } from '../../src/owner-results.ts';
import { drainPaces, ownerStatements } from '../../src/owner-statements.ts';
import { readAsOwner } from '../../src/read-as-owner.ts';
import { responseUrls } from '../../src/resource-callback.ts';
import { s3Store } from '../../src/result/s3-store.ts';
import { settleBatch } from '../../src/settle-batch.ts';
import { statementTable } from '../../src/statement-table.ts';
import { type AwsServer, assumedRole, type Call, type Reply, startAwsServer } from '../helpers/aws-server.ts';
import { RecordedTelemetry } from '../helpers/drain.ts';
import { eventOf, ITEM, KEY, NOW, PREFIX, recordOf } from '../helpers/fixtures.ts';

let server: AwsServer;
const destroyed: { destroy(): void }[] = [];

/** More than JavaScript's numbers hold, as the wire has it. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => object };
const TEXT = '{"longValue":9007199254740993}';
const RESULT = {
  Records: [[{ longValue: rawJSON('9007199254740993') }, { longValue: 7 }, { stringValue: TEXT }]],
  ColumnMetadata: [
    { name: 'a', label: 'big', typeName: 'int8' },
    { name: 'b', label: '', typeName: 'int8' },
    { name: 'c', typeName: 'varchar' },
  ],
  TotalNumRows: 1,
  NextToken: '',
};

let item: TrackingItem;

/** What the query gives. */
let items: readonly TrackingItem[];

const answer = ({ operation }: Call): Reply => {
  if (operation === 'Query') return { body: { Items: items.map((item) => marshall(encodeTrackingItem(item))) } };
  if (operation === 'CancelStatement') return { body: { Status: true } };
  if (operation === 'GetItem') return { body: { Item: marshall(encodeTrackingItem(item)) } };
  if (operation === 'GetStatementResult') return { body: RESULT };
  if (operation === 'AssumeRole') return { body: assumedRole('ASIAOWNER', new Date(Date.now() + 3_600_000)) };
  return { body: operation === 'DescribeStatement' ? { Id: ITEM.statementId, Error: 'ERROR: no' } : {} };
};

beforeEach(async () => {
  [item, items] = [ITEM, []];
  server = await startAwsServer(answer);
});

afterEach(async () => {
  for (const client of destroyed.splice(0)) client.destroy();
  await server.close();
});

const kept = <T extends { destroy(): void }>(client: T): T => {
  destroyed.push(client);
  return client;
};

const SESSION = { name: 'test', calls: ['DescribeStatement'] } as const;

const EXECUTION_ENDED = {
  type: 'executionEnded',
  executionArn: KEY.owner,
  status: 'ABORTED',
  redriveCount: 0,
  stopDate: NOW,
};

const settle = (content: unknown) => {
  const tableClient = kept(new DynamoDBClient(server.client));
  const sts = kept(new STSClient(server.client));
  const redshiftData = (config: object) => kept(new RedshiftDataClient({ ...server.client, ...config }));
  return settleBatch([recordOf(content)], 30_000, {
    statementNamePrefix: PREFIX,
    table: statementTable(tableClient, 'tracking'),
    locks: lockTable(tableClient, 'tracking'),
    orphans: orphanTable(tableClient, 'tracking'),
    callback: taskCallback(kept(new SFNClient(server.client))),
    durable: durableCallbacks(kept(new LambdaClient(server.client))),
    responses: responseUrls(() => Promise.reject(new Error('nothing here is CloudFormation’s'))),
    statements: ownerStatements(
      (role) => Promise.resolve(actAsOwner(role, SESSION, { sts, redshiftData })),
      drainPaces(5),
    ),
    results: ownerResults(
      (role) => Promise.resolve(readAsOwner(role, resultSession('test'), { sts, redshiftData })),
      drainResultPace(5),
    ),
    store: s3Store(kept(new S3Client(server.client))),
    queue: completionQueue(kept(new SQSClient(server.client)), 'http://queue.example/q'),
    telemetry: new RecordedTelemetry(),
    now: () => NOW,
  });
};

describe('the calls to AWS', () => {
  it('of the plain success path are GetItem, SendTaskSuccess, UpdateItem, and none to the Data API', async () => {
    expect(await settle(eventOf('FINISHED'))).toEqual({ batchItemFailures: [] });

    expect(server.operations).toEqual(['GetItem', 'SendTaskSuccess', 'UpdateItem']);
    expect(server.calls[0]?.body).toMatchObject({ TableName: 'tracking', ConsistentRead: true });
    expect(server.calls[2]?.body).toMatchObject({
      ConditionExpression: expect.stringMatching(/^#generation = :generation AND \(#status <> :closed OR /),
      UpdateExpression: expect.stringContaining(`REMOVE #${names.TABLE.open}`),
    });
  });

  it.each(['FAILED', 'ABORTED'])('of a statement that %s describe it as its owner', async (state) => {
    expect(await settle(eventOf(state))).toEqual({ batchItemFailures: [] });

    expect(server.operations).toEqual(['GetItem', 'AssumeRole', 'DescribeStatement', 'SendTaskFailure', 'UpdateItem']);
  });

  it('of rows read them as its owner, in a session that may do nothing else, and keep every digit', async () => {
    item = { ...ITEM, result: { form: 'row' } };

    expect(await settle(eventOf('FINISHED'))).toEqual({ batchItemFailures: [] });

    expect(server.operations).toEqual(['GetItem', 'AssumeRole', 'GetStatementResult', 'SendTaskSuccess', 'UpdateItem']);
    expect(JSON.stringify(server.calls[1]?.body)).toMatch(/redshift-data:GetStatementResult/);
    expect(JSON.stringify(server.calls[1]?.body)).not.toMatch(/DescribeStatement/);
    expect(server.calls[2]).toMatchObject({ accessKeyId: 'ASIAOWNER', body: { Id: ITEM.statementId } });
    const output = JSON.parse(String(server.calls[3]?.body['output'])) as Record<string, unknown>;
    expect(output['result']).toMatchObject({
      row: { big: '9007199254740993', b: 7, c: TEXT },
    });
  });

  it('of an execution that left a statement running cancel it as its owner', async () => {
    items = [ITEM];

    expect(await settle(EXECUTION_ENDED)).toEqual({ batchItemFailures: [] });

    expect(server.operations).toEqual(['Query', 'UpdateItem', 'AssumeRole', 'CancelStatement']);
    expect(server.calls[0]?.body).toMatchObject({ IndexName: names.TABLE.startedAtIndex, ConsistentRead: true });
    expect(server.calls[3]).toMatchObject({ accessKeyId: 'ASIAOWNER', body: { Id: ITEM.statementId } });
  });

  it('of an execution that is none of ours are one query, and no write', async () => {
    expect(await settle(EXECUTION_ENDED)).toEqual({ batchItemFailures: [] });

    expect(server.operations).toEqual(['Query']);
  });
});
