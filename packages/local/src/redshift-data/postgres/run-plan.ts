import { DatabaseError } from 'pg';
import { RedshiftError } from '../errors.ts';
import type { QueryOutcome } from '../results/outcome.ts';
import type { QueryPlan } from '../sql/query-plan.ts';
import type { Session } from './backend.ts';
import { errorText } from './error-text.ts';
import { runQuery } from './run-query.ts';

/** Each attempt resolves one name; a statement that needs more is not written by hand. */
const MOST_ATTEMPTS = 100;
const BEFORE = 'redshift_attempt';
/** Only these may be tried again; the others may not stand behind a savepoint. */
const RETRIED = /^\W*(select|insert|update|delete|with|create|merge)\b/i;

/**
 * Runs a translated statement; what PostgreSQL refuses before it has done anything is tried as the plan says.
 *
 * @param stop ends the session; called when the result grows too large
 * @throws RedshiftError with the text as DescribeStatement shows it
 */
export const runPlan = async (session: Session, plan: QueryPlan, stop: () => void): Promise<QueryOutcome> => {
  const outcome = await attempt(session, plan, stop);
  if (plan.commits && isInTransaction(session)) await session.client.query('commit');
  return outcome;
};

const attempt = async (session: Session, first: QueryPlan, stop: () => void): Promise<QueryOutcome> => {
  const isSaved = isInTransaction(session) && RETRIED.test(first.sql.text);
  let plan = first;
  let failure: Failure | undefined;
  for (let attempts = 0; ; attempts += 1) {
    if (isSaved) await session.client.query(`savepoint ${BEFORE}`);
    try {
      const outcome = await runQuery(session, plan.sql.text, plan.values, stop);
      if (isSaved) await session.client.query(`release ${BEFORE}`);
      return outcome;
    } catch (error) {
      const latest = failureOf(error, plan);
      // A name that is not there after all is the one that the user has written.
      if (failure?.place === undefined || failure.place !== latest.place) failure = latest;
      const next = attempts < MOST_ATTEMPTS ? nextPlan(plan, error) : undefined;
      if (!next) throw new RedshiftError(failure.text);
      if (isSaved) await session.client.query(`rollback to ${BEFORE}`);
      plan = next;
    }
  }
};

interface Failure {
  readonly text: string;
  /** In the user's SQL, in characters from 1; undefined when it is not told. */
  readonly place: number | undefined;
}

const failureOf = (error: unknown, { sql: { originalPosition } }: QueryPlan): Failure => {
  const position = error instanceof DatabaseError ? error.position : undefined;
  const place = position === undefined ? undefined : originalPosition(Number(position));
  return { text: errorText(error, originalPosition), place };
};

const nextPlan = (plan: QueryPlan, error: unknown): QueryPlan | undefined => {
  if (!(error instanceof DatabaseError)) return undefined;
  const { code, position } = error;
  return plan.after({ code, position: position === undefined ? undefined : Number(position) });
};

const isInTransaction = ({ client }: Session): boolean => client.getTransactionStatus() === 'T';
