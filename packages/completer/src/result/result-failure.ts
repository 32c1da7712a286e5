import { type AwsFailure, awsFailureOf, names } from '@sfn-redshift/shared';

type ErrorName = (typeof names.ERROR_NAMES)[keyof typeof names.ERROR_NAMES];

/** The statement has finished, but its rows are not what the task asked for. Asking again changes nothing. */
export class ResultFailure extends Error {
  /** As a `Catch` would list it. */
  readonly error: ErrorName;
  /** What the cause tells beside the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(error: ErrorName, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.error = error;
    this.details = details;
  }
}

/** The result is not of the form that was asked for. */
export const mismatch = (message: string): ResultFailure =>
  new ResultFailure(names.ERROR_NAMES.resultMismatch, `The statement finished, but ${message}`);

/** S3 has not taken the rows; whether it will is told by the failure's kind. */
export class NotStored extends Error {
  readonly failure: AwsFailure;

  constructor(cause: unknown) {
    super('S3 has not taken the rows', { cause });
    this.failure = awsFailureOf(cause);
  }
}

/** The time of the function was over before all rows were read. */
export class OutOfTime extends Error {
  readonly rowsRead: number;
  readonly rowCount: number;

  constructor(rowsRead: number, rowCount: number) {
    super(`time is over after ${rowsRead} of ${rowCount} rows`);
    this.rowsRead = rowsRead;
    this.rowCount = rowCount;
  }
}
