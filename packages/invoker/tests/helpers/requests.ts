import {
  type ExecuteRequest,
  encodeStatementName,
  type TrackingItem,
  trackingKeyOf,
  workHashOf,
} from '@sfn-redshift/shared';
import { CONFIG, START } from './dependencies.ts';

export const EXECUTION = 'arn:aws:states:eu-central-1:123456789012:execution:nightly:run-1';
export const STATEMENT_ID = '5f3c1d2e-0000-4000-8000-123456789abc';

/** Of the target in CONFIG. */
export const TARGET_HASH = '7db99c74a29cc5f3';

/** Must never be seen in a log line or an error. */
export const SECRETS = {
  taskToken: 'AQCEAAAAKgAAAAMAAAAAAAAAAf-token',
  parameter: 'swordfish-7',
  sql: 'select :word as answer',
};

export const REQUEST: ExecuteRequest = {
  action: 'executeStatement',
  sqlStatement: SECRETS.sql,
  parameters: { word: SECRETS.parameter },
  callback: { type: 'stepFunctions', taskToken: SECRETS.taskToken },
  executionArn: EXECUTION,
  attempt: { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount: 0, redriveCount: 0 },
};

/** The item of a statement that runs, with changes. */
export const itemWith = (changes: Partial<TrackingItem> = {}, request: ExecuteRequest = REQUEST): TrackingItem => {
  const key = trackingKeyOf(request, 'lambda-request-0');
  return {
    ...key,
    contractVersion: 1,
    status: 'submitted',
    generation: 1,
    callback: request.callback,
    statementName: encodeStatementName(CONFIG.statementNamePrefix, key),
    targetId: CONFIG.targetId,
    ownerRoleArn: CONFIG.ownerRoleArn,
    workHash: workHashOf(request),
    shortSql: request.sqlStatement,
    startedAt: START,
    startDeadline: START + 30_000,
    expiresAt: START / 1000 + 7 * 86_400,
    ...(request.attempt && { attempt: request.attempt }),
    statementId: STATEMENT_ID,
    ...changes,
  };
};

/** A claim without a statement: one that is being started, or whose claimant is gone. */
export const claimWith = (changes: Partial<TrackingItem> = {}, request: ExecuteRequest = REQUEST): TrackingItem => {
  const { statementId: _statementId, ...claim } = itemWith({ status: 'starting' }, request);
  return { ...claim, ...changes };
};
