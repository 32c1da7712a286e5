import { encodeStatementName, type TrackingItem } from '@sfn-redshift/shared';
import type { SQSRecord } from 'aws-lambda';
import { DEFERRALS } from '../../src/completion-message.ts';
import type { StatementDescription } from '../../src/owner-statements.ts';

export const NOW = Date.parse('2026-11-26T08:00:00Z');
export const PREFIX = 'tasker-1a2b/';
export const KEY = {
  owner: 'arn:aws:states:eu-central-1:123456789012:execution:load:7a10',
  invocationKey: '0123456789abcdef0123456789abcdef',
};
export const STATEMENT_NAME = encodeStatementName(PREFIX, KEY);
export const STATEMENT_ID = 'd3f1a2b4-0c1d-4e5f-8a9b-0c1d2e3f4a5b';
export const OWNER_ROLE = 'arn:aws:iam::123456789012:role/owner';

/** Values that may turn up in no log line. */
export const CANARIES = {
  taskToken: `AQCEAAAAKgAAAAMAAAAAAAAAAW${'canaryToken0/+'.repeat(20)}==`,
  callbackId: 'canaryCallback+/Id==',
  errorText: 'ERROR: canary-error-text',
  shortSql: 'select canary_sql',
  responseUrl: 'https://example.com/canary-response-url',
} as const;

export const ITEM: TrackingItem = {
  ...KEY,
  contractVersion: 1,
  status: 'submitted',
  generation: 1,
  callback: { type: 'stepFunctions', taskToken: CANARIES.taskToken },
  statementName: STATEMENT_NAME,
  targetId: 'default',
  ownerRoleArn: OWNER_ROLE,
  workHash: 'hash',
  shortSql: CANARIES.shortSql,
  startedAt: NOW - 60_000,
  startDeadline: NOW - 30_000,
  expiresAt: NOW / 1000 + 86_400,
  statementId: STATEMENT_ID,
};

/** The same, that a callback of a durable function waits for. */
export const DURABLE: TrackingItem = {
  ...ITEM,
  callback: { type: 'durableFunction', callbackId: CANARIES.callbackId },
};

/** What DescribeStatement tells of the statement. */
export const DESCRIPTION: StatementDescription = {
  statementId: STATEMENT_ID,
  state: 'FAILED',
  rows: 3,
  redshiftQueryId: 42,
  errorText: undefined,
  updatedAt: NOW - 1_000,
};

/** An event in EventBridge's form. */
export const eventOf = (state: string, detail: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: '0',
  id: 'e1',
  source: 'aws.redshift-data',
  'detail-type': 'Redshift Data Statement Status Change',
  account: '123456789012',
  time: '2026-11-26T07:59:59Z',
  region: 'eu-central-1',
  resources: ['arn:aws:redshift:eu-central-1:123456789012:cluster:c1'],
  detail: {
    principal: 'arn:aws:sts::123456789012:assumed-role/owner/invoker',
    statementName: STATEMENT_NAME,
    statementId: STATEMENT_ID,
    redshiftQueryId: 42,
    state,
    rows: 3,
    expireAt: 1_790_000_000,
    ...detail,
  },
});

export const recordOf = (content: unknown, messageId = 'm1', deferrals = 0): SQSRecord => ({
  messageId,
  receiptHandle: 'receipt',
  body: typeof content === 'string' ? content : JSON.stringify(content),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'events',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: deferrals
    ? {
        [DEFERRALS]: { dataType: 'Number', stringValue: String(deferrals), stringListValues: [], binaryListValues: [] },
      }
    : {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:completions',
  awsRegion: 'eu-central-1',
});

/** What an SDK client throws. */
export const awsError = (name: string, status?: number): Error =>
  Object.assign(new Error(`${name}: ${CANARIES.taskToken}`), {
    name,
    $metadata: status === undefined ? {} : { httpStatusCode: status, requestId: 'r1' },
  });
