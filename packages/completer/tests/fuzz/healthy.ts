import { encodeStatementName, type TrackingItem } from '@sfn-redshift/shared';
import type { SQSRecord } from 'aws-lambda';
import { eventOf, ITEM, PREFIX, recordOf } from '../helpers/fixtures.ts';

const KEY = { owner: 'arn:aws:states:eu-central-1:123456789012:execution:other:1', invocationKey: 'f'.repeat(32) };

/** An item that nothing is wrong with, whatever surrounds it. */
export const HEALTHY: TrackingItem = {
  ...ITEM,
  ...KEY,
  statementName: encodeStatementName(PREFIX, KEY),
  statementId: 'aaaaaaaa-0c1d-4e5f-8a9b-0c1d2e3f4a5b',
  callback: { type: 'stepFunctions', taskToken: 'token-of-the-healthy' },
};

const { statementName, statementId } = HEALTHY;

/** The event that its statement has finished. */
export const healthyRecord: SQSRecord = recordOf(eventOf('FINISHED', { statementName, statementId }), 'healthy');
