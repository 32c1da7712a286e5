import type { BusEvent } from '../common/ports.ts';
import type { Statement } from './statement.ts';

/** What EventBridge gets of a statement that has ended. It carries no error text: DescribeStatement does. */
export const completionEvent = (statement: Statement): BusEvent => {
  const { submission, id, status, queryId, outcome, updatedAt, expiresAt } = statement;
  return {
    source: 'aws.redshift-data',
    'detail-type': 'Redshift Data Statement Status Change',
    resources: [submission.target.arn],
    time: new Date(updatedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    detail: {
      principal: submission.principal,
      statementName: submission.name ?? '',
      statementId: id,
      redshiftQueryId: queryId,
      state: status,
      rows: outcome ? (outcome.rows ?? 0) : -1,
      expireAt: Math.floor(expiresAt / 1000),
    },
  };
};
