import { ERROR_NAMES } from './names.ts';
import { withoutCredentials } from './sql-text.ts';
import { type EndState, encodeStatementEvent, type StatementEvent } from './statement-event.ts';
import type { Thread } from './thread.ts';

/** Limits of SendTaskFailure, in characters. */
const MAX_ERROR_LENGTH = 256;
const MAX_CAUSE_LENGTH = 32_768;

/** What the callback tells: step 6 to 7, completer → callback. */
export type TaskResult =
  | { readonly type: 'success'; readonly output: Readonly<Record<string, unknown>> }
  | { readonly type: 'failure'; readonly error: string; readonly cause: string };

/** What is known of a statement that ended. Never a token, a parameter value or a secret. */
export interface StatementEvidence {
  readonly state: EndState | 'UNKNOWN';
  /** Undefined where no statement was found. */
  readonly statementId: string | undefined;
  readonly statementName: string;
  /** The session that it ran in, where that is one that others can use, and is known. */
  readonly sessionId?: string;
  /** The SQL, shortened and without credentials. */
  readonly shortSql: string;
  readonly time: string;
  readonly thread: Thread;
  readonly batch?: BatchEvidence;
}

/** What is known of the statements of a batch that did not finish; `index`: place among them, from 0. */
export interface BatchEvidence {
  /** The first that failed; absent where none did. */
  readonly failedStatement?: { readonly index: number; readonly statementId: string; readonly sqlStatement: string };
  /** The indexes of those whose effect stays, ascending. */
  readonly committed: readonly number[];
}

/** What is known of a statement that did not succeed. */
export interface FailureEvidence extends StatementEvidence {
  readonly state: 'FAILED' | 'ABORTED';
  /** Redshift's own text; undefined where it could not be read, or there is none. */
  readonly errorText?: string;
  /** The error's name; absent: by the state. */
  readonly error?: string;
}

/** What a task is told where Redshift's own text is missing. */
const WITHOUT_TEXT = {
  FAILED: "The statement ended FAILED; Redshift's error text could not be read.",
  ABORTED: 'The statement was stopped before it finished; Redshift gave no reason.',
} as const;

/**
 * The output of a task whose statement finished: the event, envelope included, and what leads to its traces elsewhere; and what
 * there is to tell beside it, such as the rows that were asked for.
 */
export const successOf = (
  event: StatementEvent,
  thread: Thread,
  more: Readonly<Record<string, unknown>> = {},
): TaskResult => ({
  type: 'success',
  output: { ...encodeStatementEvent(event), thread: { ...thread, ...queryOf(event) }, ...more },
});

/** Redshift gives what is no query, such as DDL, the number -1, and a batch 0: those of its statements are in `statements`. */
const queryOf = ({ redshiftQueryId }: StatementEvent): { readonly queryId?: number } =>
  redshiftQueryId > 0 ? { queryId: redshiftQueryId } : {};

/** The failure of a task whose statement failed or was aborted: the evidence as JSON cause. */
export const failureOf = (evidence: FailureEvidence): TaskResult => {
  const { state, errorText, error = ERROR_NAMES[state === 'FAILED' ? 'failed' : 'aborted'] } = evidence;
  // More than that would be cut anyway, and is not searched.
  const text = withoutCredentials((errorText ?? '').slice(0, MAX_CAUSE_LENGTH)) || WITHOUT_TEXT[state];
  return otherFailureOf(evidence, error, text);
};

/**
 * A failure that its statement's end state does not tell, such as an output too large to hand over; `message` explains.
 * @param details further members of the cause; they must leave room for the others
 */
export const otherFailureOf = (
  evidence: StatementEvidence,
  error: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): TaskResult => {
  const { statementId, statementName, sessionId, state, shortSql, time, thread, batch } = evidence;
  const cause = (text: string) =>
    JSON.stringify({
      message: text,
      statementId,
      statementName,
      sessionId,
      state,
      sqlStatement: shortSql,
      time,
      thread,
      ...batch,
      ...details,
    });
  return { type: 'failure', error, cause: fitCause(message, cause) };
};

/** Any other failure, cut to what Step Functions takes. */
export const plainFailure = (error: string, cause: string): TaskResult => ({
  type: 'failure',
  error: error.slice(0, MAX_ERROR_LENGTH).toWellFormed(),
  cause: cause.slice(0, MAX_CAUSE_LENGTH).toWellFormed(),
});

/** The JSON stays whole: only the text inside it is shortened, to the longest that fits. */
const fitCause = (text: string, cause: (message: string) => string): string => {
  const cut = (length: number) => cause(`${text.slice(0, length).toWellFormed()}…`);
  const whole = cause(text);
  if (whole.length <= MAX_CAUSE_LENGTH) return whole;
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (cut(middle).length <= MAX_CAUSE_LENGTH) fits = middle;
    else tooLong = middle;
  }
  return cut(fits);
};
