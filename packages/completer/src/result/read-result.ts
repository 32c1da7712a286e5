import {
  type AwsFailure,
  awsFailureOf,
  type CheckOutput,
  type DataCheck,
  names,
  type ResultOutput,
  type ResultRequest,
  withoutCredentials,
} from '@sfn-redshift/shared';
import { readAgain, TRIES_FOR_ROWS } from '../back-off.ts';
import type { AnswerDependencies } from '../dependencies.ts';
import type { Wait } from '../settlement.ts';
import type { Ending } from '../statement-ending.ts';
import { type CheckSource, checkRows } from './check-rows.ts';
import { collectRows } from './collect-rows.ts';
import { mismatch, NotStored, OutOfTime, ResultFailure } from './result-failure.ts';
import { type ResultSource, resultPages } from './result-rows.ts';
import { storeRows } from './store-rows.ts';

/** What a task is told of rows that it does not get. */
export interface RowsFailure {
  /** As a `Catch` would list it. */
  readonly error: string;
  readonly message: string;
  /** What the cause tells beside the message. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What reading has come to. Of a failure the task is told: the statement has finished, and asking again changes nothing. */
export type Reading<T> =
  | { readonly type: 'read'; readonly read: T }
  | { readonly type: 'failed'; readonly failure: RowsFailure }
  | Wait;

export type ReadingDependencies = Pick<AnswerDependencies, 'results' | 'store' | 'telemetry' | 'now' | 'until'>;

/** What tells how patient to be, and with what: how often a message was put back, or when the sweep has seen the statement end. */
export type Patience = Pick<Ending, 'event' | 'deferrals' | 'description'>;

/** Reads the rows of a statement, or of one of a batch, and puts them where the task wants to have them. */
export const readResult = (
  source: ResultSource,
  request: ResultRequest,
  patience: Patience,
  dependencies: ReadingDependencies,
): Promise<Reading<ResultOutput>> =>
  settled(source, patience, dependencies, async () => {
    const { results, store } = dependencies;
    const pages = resultPages(source, results, dependencies);
    const { s3 } = request;
    return s3
      ? await storeRows(source.statementId, pages, { ...request, s3 }, store)
      : await collectRows(pages, request);
  });

/** Holds the rows against what the task expects of them. */
export const readCheck = (
  source: CheckSource,
  check: DataCheck,
  patience: Patience,
  dependencies: ReadingDependencies,
): Promise<Reading<CheckOutput>> =>
  settled(source, patience, dependencies, () => checkRows(source, check, dependencies.results));

/** What becomes of reading: whatever may succeed later is tried again in a while, for as long as there is hope. */
const settled = async <T>(
  { statementId }: ResultSource,
  patience: Patience,
  { telemetry, now }: ReadingDependencies,
  read: () => Promise<T>,
): Promise<Reading<T>> => {
  try {
    return { type: 'read', read: await read() };
  } catch (error) {
    const trouble = troubleOf(error);
    const { statementName } = patience.event;
    const { error: name, reason } = trouble;
    telemetry.warn('result cannot be handed over', { statementId, statementName, error: name, reason });
    const isWorthATry = trouble.tries > 0 && hasPatience(patience, trouble.tries, now());
    if (isWorthATry) return readAgain(patience.deferrals);
    const { message, details = {} } = trouble;
    return { type: 'failed', failure: { error: name, message: withoutCredentials(message), details } };
  }
};

/** What takes too long now will hardly be faster later, but other messages may have taken some of the time. */
const TRIES_FOR_TIME = 2;

/**
 * So long after the end of a statement the sweep tries. It may find the end of one that ran for a day two and a half hours
 * late, and comes again when as much has passed.
 */
const SWEEP_TRIES_MS = 6 * 60 * 60 * 1_000;

const hasPatience = ({ deferrals, description }: Patience, tries: number, now: number): boolean =>
  description ? now - (description.updatedAt ?? 0) < SWEEP_TRIES_MS : deferrals < tries;

interface Trouble extends Omit<RowsFailure, 'details'> {
  readonly details?: RowsFailure['details'];
  /** For the log. */
  readonly reason: string;
  /** How often it is worth to try again. */
  readonly tries: number;
}

const troubleOf = (error: unknown): Trouble => {
  if (error instanceof ResultFailure) return failedAsked(error);
  if (error instanceof OutOfTime) return outOfTime(error);
  if (error instanceof NotStored) return notStored(error);
  const failure = awsFailureOf(error);
  if (NO_RESULT.test(failure.message)) return troubleOf(mismatch('it has no result set.'));
  return {
    error: names.ERROR_NAMES.resultUnreadable,
    message: `The statement finished, but its rows could not be read: ${textOf(failure)}`,
    reason: failure.name,
    tries: triesAfter(failure),
  };
};

const failedAsked = ({ error, message, details }: ResultFailure): Trouble => ({
  error,
  message,
  details,
  reason: error,
  tries: 0,
});

/** Of a statement that has finished it says that there is nothing to be read, ever. */
const NO_RESULT = /does not have result/i;

const outOfTime = ({ rowsRead, rowCount, message }: OutOfTime): Trouble => ({
  error: names.ERROR_NAMES.resultTooLarge,
  message: `The statement finished, but ${rowsRead} of its ${rowCount} rows were read when the time of the function was over. Give the completer a longer timeout, or UNLOAD the rows to S3.`,
  reason: message,
  // Others may have taken all of it.
  tries: rowsRead === 0 ? TRIES_FOR_ROWS : TRIES_FOR_TIME,
});

const notStored = ({ failure }: NotStored): Trouble => ({
  error: names.ERROR_NAMES.resultNotStored,
  message: `The statement finished, but its rows could not be written to S3: ${textOf(failure)}`,
  reason: failure.name,
  tries: triesAfter(failure),
});

const textOf = ({ name, message }: AwsFailure): string => `${name}: ${message}`;

/** Credentials are renewed. An upload is not there any more once S3 has completed it, though nobody heard of that: it is begun anew. */
const HELPED_BY_RETRY = /^(?:ExpiredToken|NoSuchUpload$)/;

const triesAfter = ({ kind, name }: AwsFailure): number =>
  kind === 'refused' && !HELPED_BY_RETRY.test(name) ? 0 : TRIES_FOR_ROWS;
