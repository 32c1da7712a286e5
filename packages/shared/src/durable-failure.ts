/** What is known of a failure: the cause of a task's, and the error's name. */
export interface StatementDetails {
  readonly error: string;
  readonly message: string;
  readonly statementId?: string;
  readonly statementName?: string;
  readonly state?: string;
  readonly [more: string]: unknown;
}

/** A statement did not finish. Its `name` is that which a `Catch` of Step Functions would list: `FAILED`, `ABORTED`, and so on. */
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
 * The statement's failure in what `waitForCallback` has thrown; undefined where it is about something else, as a time-out.
 * Told by the data of the error alone, which a replay keeps, as it does not keep the name.
 */
export const statementFailureOf = (error: unknown): StatementFailed | undefined => {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < DEEPEST; depth++) {
    const { errorData } = current as { errorData?: unknown };
    const details = typeof errorData === 'string' ? detailsIn(errorData) : undefined;
    if (details) return new StatementFailed(details, error);
    current = current.cause;
  }
  return undefined;
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
