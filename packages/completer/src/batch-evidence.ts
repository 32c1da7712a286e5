import { type BatchEvidence, normalizedSql, ownSql, shortSql, type TrackingItem } from '@sfn-redshift/shared';
import type { BatchStatement } from './batch-statement.ts';

type Batch = NonNullable<TrackingItem['batch']>;

/** Statements that, in a transaction, commit what ran before them as well. */
const COMMITS = /^(?:truncate|commit|end)\b/;

/** Which statement has ended a batch that did not finish, in whose words, and what stays of it. */
export const batchEvidenceOf = (
  item: TrackingItem,
  { executionMode }: Batch,
  statements: readonly BatchStatement[],
): { readonly evidence: BatchEvidence; readonly errorText: string | undefined } => {
  const index = statements.findIndex(({ state }) => state === 'FAILED');
  const failed = statements[index];
  return {
    evidence: {
      ...(failed && {
        failedStatement: { index, statementId: failed.statementId, sqlStatement: shortSql(ownSql(item, failed.sql)) },
      }),
      committed: executionMode === 'AUTO_COMMIT' ? finishedIn(statements) : committedIn(statements),
    },
    errorText: failed?.errorText,
  };
};

const finishedIn = (statements: readonly BatchStatement[]): readonly number[] =>
  [...statements.keys()].filter((index) => statements[index]?.state === 'FINISHED');

/** Of a transaction that was rolled back. */
const committedIn = (statements: readonly BatchStatement[]): readonly number[] => {
  const last = statements.findLastIndex(({ state, sql }) => state === 'FINISHED' && COMMITS.test(normalizedSql(sql)));
  return finishedIn(statements).filter((index) => index <= last);
};
