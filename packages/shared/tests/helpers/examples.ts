import type { StatementEvent, TrackingItem } from '../../src/index.ts';
import { ATTEMPT, CANARIES, EXECUTION, STATEMENT_ID } from './canaries.ts';

export const PREFIX = 'tasker-1a2b/';
export const KEY = { owner: EXECUTION, invocationKey: '0123456789abcdef0123456789abcdef' };
export const STATEMENT_NAME = `${PREFIX}${KEY.invocationKey}/${EXECUTION}`;

export const ITEM: TrackingItem = {
  ...KEY,
  contractVersion: 1,
  status: 'submitted',
  generation: 1,
  callback: { type: 'stepFunctions', taskToken: CANARIES.taskToken },
  statementName: STATEMENT_NAME,
  targetId: 'default',
  ownerRoleArn: 'arn:aws:iam::000000000000:role/owner',
  workHash: 'hash',
  shortSql: 'select 1',
  startedAt: 1_795_680_000_000,
  startDeadline: 1_795_680_030_000,
  expiresAt: 1_796_284_800,
  attempt: ATTEMPT,
  statementId: STATEMENT_ID,
};

export const RECEIVED = {
  version: '0',
  id: 'e1',
  source: 'aws.redshift-data',
  'detail-type': 'Redshift Data Statement Status Change',
  time: '2026-11-26T08:00:41Z',
  resources: ['arn:aws:redshift:us-east-1:000000000000:cluster:c1'],
  detail: {
    statementId: STATEMENT_ID,
    statementName: STATEMENT_NAME,
    state: 'FINISHED',
    rows: 3,
    redshiftQueryId: 42,
    expireAt: 1_795_766_441,
  },
};

export const EVENT: StatementEvent = {
  statementId: STATEMENT_ID,
  statementName: STATEMENT_NAME,
  state: 'FINISHED',
  rows: 3,
  redshiftQueryId: 42,
  time: '2026-11-26T08:00:41Z',
  received: RECEIVED,
};
