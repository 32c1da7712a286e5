import { names } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { REMEMBERED_MS, type Statement } from '../account/redshift.ts';
import type { Trouble } from '../wire.ts';

const ERRORS = names.ERROR_NAMES;

/** As long the drain at least tries to read or to store rows, and to read a description. */
const ROWS_PATIENCE_MS = 3_600_000;
const DESCRIPTION_PATIENCE_MS = 300_000;

/** Whether a failure may be told of a statement that has finished, though it is none of its own. */
export const isExcused = (error: string, statement: Statement, account: Account): boolean => {
  const troubles = troublesOf(statement, account);
  const ofStore = troubles.filter(({ operation }) => STORES.test(operation));
  const ofRows = troubles.filter(({ operation }) => operation === 'AssumeRole' || operation === 'GetStatementResult');
  switch (error) {
    case ERRORS.resultUnreadable:
      return (
        isOverFor(ofRows, ROWS_PATIENCE_MS, account) ||
        isForgotten(statement, account) ||
        (statement.batch !== undefined && wasUnreadable(statement, account))
      );
    case ERRORS.resultNotStored:
      return isOverFor(ofStore, ROWS_PATIENCE_MS, account);
    case ERRORS.resultTooLarge:
      // It takes more than one try.
      return troubles.length > 1;
    default:
      return false;
  }
};

/** Whether nobody could read what became of the statements of a batch. */
export const wasUnreadable = (statement: Statement, account: Account): boolean => {
  const ofDescription = troublesOf(statement, account).filter(
    ({ operation }) => operation === 'AssumeRole' || operation === 'DescribeStatement',
  );
  return isOverFor(ofDescription, DESCRIPTION_PATIENCE_MS, account) || isForgotten(statement, account);
};

const STORES = /Object|Upload/;

/** The session of a completer is the role's, and serves all its statements. */
const troublesOf = ({ id }: Statement, { world }: Account): readonly Trouble[] =>
  world.troubles.filter(
    ({ of, operation, request }) => of !== 'invoker' && (operation === 'AssumeRole' || request.includes(id)),
  );

/** Refused for good, or tried for as long. */
const isOverFor = (troubles: readonly Trouble[], ms: number, { world }: Account): boolean => {
  const [first] = troubles;
  const isRefused = troubles.some(({ kind }) => kind === 'denied');
  return isRefused || (first !== undefined && world.time.now - first.at >= ms);
};

const isForgotten = ({ endedAt = 0 }: Statement, { world }: Account): boolean =>
  world.time.now - endedAt >= REMEMBERED_MS;
