/** What is known of a failure: the cause of a task's, and the error's name. */
export interface StatementDetails {
  readonly error: string;
  readonly message: string;
  readonly statementId?: string;
  readonly statementName?: string;
  readonly state?: string;
  readonly [more: string]: unknown;
}

/** A statement did not finish, or was not started: then there is no `statementId`. Its `name` is that which a `Catch` of Step Functions would list: `FAILED`, `ABORTED`, and so on. */
export class StatementFailed extends Error {
  readonly details: StatementDetails;

  constructor(details: StatementDetails, cause: unknown) {
    super(details.message, { cause });
    this.name = details.error;
    this.details = details;
  }
}

/** Errors wrap errors; no further than that is looked. */
const DEEPEST = 8;

/**
 * The statement's failure in what `waitForCallback` has thrown: that of the statement, or of the start by `statementSubmitter`;
 * undefined where it is about something else, as a time-out. Told by what a replay keeps of an error, as it does not keep the name.
 */
export const statementFailureOf = (error: unknown): StatementFailed | undefined => {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < DEEPEST; depth++) {
    const details = detailsOf(current);
    if (details) return new StatementFailed(details, error);
    current = current.cause;
  }
  return undefined;
};

const detailsOf = (error: Error & { errorData?: unknown; errorType?: unknown }): StatementDetails | undefined => {
  const { errorData, errorType, message } = error;
  if (errorType === 'CallbackSubmitterError') return startDetailsIn(message);
  return typeof errorData === 'string' ? detailsIn(errorData) : undefined;
};

/** The one text that a replay keeps of a submitter's error. */
export const startMessage = (name: string, message: string): string => `${name}: ${message}`;

const startDetailsIn = (text: string): StatementDetails | undefined => {
  const [, error, message] = /^([A-Z][\w.]*): (.*)$/s.exec(text) ?? [];
  return error !== undefined && message !== undefined ? { error, message } : undefined;
};

const detailsIn = (errorData: string): StatementDetails | undefined => {
  try {
    const data = JSON.parse(errorData) as Partial<StatementDetails> | null;
    const isOurs = typeof data?.error === 'string' && typeof data.message === 'string';
    return isOurs ? (data as StatementDetails) : undefined;
  } catch {
    return undefined;
  }
};
