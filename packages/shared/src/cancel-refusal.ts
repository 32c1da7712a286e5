import type { AwsFailure } from './aws-failure.ts';

/** The only sign that there is: AWS documents no exception of its own for it (redshift-data-api.md, section 2.1). */
const ALREADY = /could not cancel a query that is already in (\w+) state/i;

/**
 * The state for which the Data API would not cancel a statement, in its own word; undefined for a failure of another kind.
 * In an end state there is nothing left to cancel; in any other the statement has not begun to run.
 */
export const uncancellableStateOf = ({ message }: AwsFailure): string | undefined =>
  ALREADY.exec(message)?.[1]?.toUpperCase();
