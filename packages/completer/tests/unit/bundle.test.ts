import { Worker } from 'node:worker_threads';
import { marshall } from '@aws-sdk/util-dynamodb';
import { encodeTrackingItem, type TrackingItem } from '@sfn-redshift/shared';
import type { SQSBatchResponse } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, codeIn, loadedWith } from '../../../../scripts/lib/bundle-files.mjs';
import { type AwsServer, assumedRole, type Call, type Reply, startAwsServer } from '../helpers/aws-server.ts';
import { CANARIES, DURABLE, eventOf, ITEM, KEY, PREFIX, recordOf } from '../helpers/fixtures.ts';

const bundleOf = (handler: string): URL => new URL(`../../dist/${handler}/`, import.meta.url);

/** The handler as Lambda runs it: its own environment, the event in, the answer out. */
const RUN = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.url).then(async ({ handler }) => {
  parentPort.postMessage(await handler(workerData.event, { getRemainingTimeInMillis: () => 30_000 }));
});`;

let server: AwsServer;
let item: TrackingItem;

const answer = ({ operation, body }: Call): Reply => {
  if (operation === 'Query' && JSON.stringify(body).includes('watched')) return { body: { Items: [] } };
  if (operation === 'Query') return { body: { Items: [marshall({ ...KEY, startedAt: ITEM.startedAt })] } };
  // The sweep also reads its watermark.
  if (operation === 'GetItem' && JSON.stringify(body).includes('watermark')) return { body: {} };
  if (operation === 'GetItem') return { body: { Item: marshall(encodeTrackingItem(item)) } };
  if (operation === 'AssumeRole') return { body: assumedRole('ASIAOWNER', new Date(Date.now() + 3_600_000)) };
  const description = { Id: ITEM.statementId, Status: 'FAILED', UpdatedAt: 1_700_000_000, Error: CANARIES.errorText };
  return { body: operation === 'DescribeStatement' ? description : {} };
};

beforeEach(async () => {
  item = ITEM;
  server = await startAwsServer(answer);
});

afterEach(() => server.close());

const environment = () => ({
  AWS_ENDPOINT_URL: server.client.endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIADRAIN',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_SESSION_TOKEN: 'example',
  SFN_REDSHIFT_TABLE_NAME: 'tracking',
  SFN_REDSHIFT_STATEMENT_NAME_PREFIX: PREFIX,
  SFN_REDSHIFT_COMPLETION_QUEUE_URL: 'http://queue.example/q',
  SFN_REDSHIFT_MAX_CONCURRENCY: '5',
  POWERTOOLS_METRICS_NAMESPACE: 'SfnRedshiftTasker',
  POWERTOOLS_SERVICE_NAME: 'drain',
});

const run = async (state: string) => await runBundle('drain', { Records: [recordOf(eventOf(state))] });

const runBundle = async (handler: string, event: object) => {
  const { promise, resolve, reject } = Promise.withResolvers<SQSBatchResponse>();
  const workerData = { url: new URL('index.mjs', bundleOf(handler)).href, event };
  const worker = new Worker(RUN, { eval: true, env: environment(), stdout: true, stderr: true, workerData });
  const published = Promise.withResolvers<string>();
  let output = '';
  worker.stdout.on('data', (chunk) => {
    output += String(chunk);
    // The counts are written last.
    if (output.includes('CloudWatchMetrics')) published.resolve(output);
  });
  worker.on('message', resolve).on('error', reject);
  try {
    return { response: await promise, output: await published.promise };
  } finally {
    await worker.terminate();
  }
};

describe('the bundle', () => {
  it('answers a task, and logs and counts without secrets', async () => {
    const { response, output } = await run('FINISHED');

    expect(response).toEqual({ batchItemFailures: [] });
    expect(server.operations).toEqual(['GetItem', 'SendTaskSuccess', 'UpdateItem']);
    expect(output).toContain('"CallbackDelivered":1');
    expect(output).toContain('statement is settled');
    expect(output).not.toContain('canary');
  });

  it('finds what it loads lazily', async () => {
    const { response } = await run('FAILED');

    expect(response).toEqual({ batchItemFailures: [] });
    expect(server.operations).toEqual(['GetItem', 'AssumeRole', 'DescribeStatement', 'SendTaskFailure', 'UpdateItem']);
    expect(String(server.calls[3]?.body['cause'])).toContain(CANARIES.errorText);
  });

  it('of the drain tells a durable function, by a client that is loaded for it', async () => {
    item = DURABLE;
    const { response, output } = await run('FINISHED');

    expect(response).toEqual({ batchItemFailures: [] });
    expect(server.operations).toEqual(['GetItem', 'SendDurableExecutionCallbackSuccess', 'UpdateItem']);
    expect(server.calls[1]?.body).toMatchObject({ CallbackId: CANARIES.callbackId, told: eventOf('FINISHED') });
    expect(output).not.toContain('canary');
  });

  // The client of S3, a fifth of it, is for those only whose rows go there (docs/decisions/0047).
  it.each(['drain', 'sweep'])('of the %s stays under 400 KB, and 640 KB with what is loaded when needed', (handler) => {
    const bundle = bundleOf(handler);
    const loaded = loadedWith('index.mjs', bundle);

    expect(loaded.size).toBeGreaterThan(1);
    expect(bytesOf(loaded, bundle)).toBeLessThan(400_000);
    expect(bytesOf(codeIn(bundle), bundle)).toBeLessThan(640_000);
    expect([...loaded].filter((name) => /^(s3-store|act-as-owner|read-)/.test(name))).toEqual([]);
  });

  it('of the sweep looks at what is due, and logs and counts without secrets', async () => {
    const { output } = await runBundle('sweep', {});

    expect(server.operations).toEqual([
      'GetItem',
      'Query',
      'Query',
      'GetItem',
      'AssumeRole',
      'DescribeStatement',
      'SendTaskFailure',
      'UpdateItem',
      'UpdateItem',
    ]);
    expect(output).toContain('"StatementRescued":1');
    expect(output).not.toContain('canary');
  });
});
