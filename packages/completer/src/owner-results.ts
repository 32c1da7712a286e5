import type { ResultColumn } from '@sfn-redshift/shared';
import { onePerOwner } from './one-per-owner.ts';
import type { OwnerSession, StatementOwner } from './owner-statements.ts';
import { type Pace, pacedCall } from './paced-call.ts';
import type { Field } from './result/sql-value.ts';

/** A page of a result, as large as the Data API makes it. */
export interface ResultPage {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Field[])[];
  /** Of the whole result. */
  readonly totalRows: number;
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/** Reads a page: the first one without a token. */
export type ReadPage = (statementId: string, nextToken: string | undefined) => Promise<ResultPage>;

/** Results, read in the name of the role that started the statement. What it throws is what the SDK throws, or HeldBack. */
export interface OwnerResults {
  page(owner: StatementOwner, ...args: Parameters<ReadPage>): ReturnType<ReadPage>;
}

/** What the drain and the sweep take of the account's 20 pages a second; the rest is for who asks the invoker. */
const PAGES = 14;
const PAGES_OF_SWEEP = 2;

/** The queue keeps what has to wait any longer. */
const WAIT_SECONDS = 5;

type ResultPace = Omit<Pace, 'name'>;

const paceOf = (perSecond: number): ResultPace => ({
  perSecond,
  maxWaiting: Math.max(1, Math.ceil(WAIT_SECONDS * perSecond)),
});

/** The drain's share, divided by as many sandboxes as may work at once. */
export const drainResultPace = (sandboxes: number): ResultPace => paceOf(PAGES / sandboxes);

/** One sandbox runs at a time. */
export const SWEEP_RESULT_PACE: ResultPace = paceOf(PAGES_OF_SWEEP);

/** @param actAs gives the call as an owner; called once per owner, and again when credentials are refused as expired */
export const ownerResults = (actAs: (owner: StatementOwner) => Promise<ReadPage>, pace: ResultPace): OwnerResults => {
  const withOwner = onePerOwner(actAs);
  return {
    page: pacedCall(
      { name: 'GetStatementResult', ...pace },
      (owner: StatementOwner, ...args: Parameters<ReadPage>) => withOwner(owner, (read) => read(...args)),
      (_owner, _statementId, nextToken) => nextToken !== undefined,
    ),
  };
};

/** Loaded when first needed. The session may read results, and do nothing else: only those who asked for rows need it. */
export const liveOwnerResults = (sessionName: string, pace: ResultPace): OwnerResults =>
  ownerResults(async (owner) => {
    const [{ liveOwnerClients }, { readAsOwner }] = await Promise.all([
      import('./act-as-owner.ts'),
      import('./read-as-owner.ts'),
    ]);
    return readAsOwner(owner, resultSession(sessionName), liveOwnerClients());
  }, pace);

export const resultSession = (name: string): OwnerSession => ({ name, calls: ['GetStatementResult'] });
