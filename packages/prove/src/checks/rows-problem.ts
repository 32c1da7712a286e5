import { isDeepStrictEqual } from 'node:util';
import { names } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { REMEMBERED_MS, type Statement } from '../account/redshift.ts';
import { BUCKET, columnOf, LABEL, rowsWantedOf, valuesOf } from '../account/rows.ts';
import type { Told } from '../account/workflows.ts';
import type { TaskPlan } from '../schedule.ts';
import type { Trouble } from '../wire.ts';
import { linesOf, objectKeyOf } from './check-stored.ts';

const ERRORS = names.ERROR_NAMES;

/** What a task is to be told of rows: members of its output, or the name of its error. */
type Expected = { readonly output: Readonly<Record<string, unknown>> } | { readonly error: string };

/**
 * Invariant 2, of a statement that has finished: its task is told exactly what it asked for of the rows, or why that cannot
 * be. A failure to read or to write them it is told only if no repetition helps, or when it has been repeated for an hour.
 */
export const rowsProblem = (told: Told, statement: Statement, task: TaskPlan, account: Account): string | undefined => {
  const expected = expectedOf(statement, task);
  if (told.type === 'failure') {
    const isRight = 'error' in expected && expected.error === told.error;
    return isRight || isExcused(told.error, statement, account) ? undefined : `it has not failed with ${told.error}`;
  }
  if ('error' in expected) return `it should fail with ${expected.error}`;
  const { result } = JSON.parse(told.output) as Readonly<Record<string, unknown>>;
  if (!isDeepStrictEqual({ result }, expected.output)) return 'the rows that it asked for are others';
  const isThere = !isStored(task) || account.bucket.objects.get(objectKeyOf(statement)) === linesOf(statement);
  return isThere ? undefined : 'its rows are not in the bucket';
};

const expectedOf = (statement: Statement, task: TaskPlan): Expected => {
  const { result } = rowsWantedOf(task);
  if (!result) return { output: { result: undefined } };
  const { form, maxRows = Number.POSITIVE_INFINITY } = result;
  const { gives } = statement;
  if (gives.count > 1 && (form === 'row' || form === 'value')) return { error: ERRORS.resultMismatch };
  if (gives.count > maxRows) return { error: ERRORS.tooManyRows };
  const summary = { columns: [columnOf(gives)], rowCount: gives.count };
  if (isStored(task)) return { output: { result: { ...summary, s3: storedOf(statement) } } };
  if (gives.isLarge && gives.count > 0) return { error: ERRORS.outputTooLarge };
  return { output: { result: { ...summary, [form]: inForm(form, statement) } } };
};

const isStored = (task: TaskPlan): boolean => rowsWantedOf(task).result?.s3 !== undefined;

const storedOf = (statement: Statement) => {
  const key = objectKeyOf(statement);
  const bytes = Buffer.byteLength(linesOf(statement));
  return { bucket: BUCKET, key, uri: `s3://${BUCKET}/${key}`, bytes };
};

const inForm = (form: string, { gives, number }: Statement): unknown => {
  const values = valuesOf(gives, number);
  const rows = values.map((value) => ({ [LABEL]: value }));
  const forms: Readonly<Record<string, unknown>> = {
    rows,
    column: values,
    row: rows[0] ?? null,
    value: values[0] ?? null,
  };
  return forms[form];
};

const PATIENCE_MS = 3_600_000;

/** Whether a failure may be told that is none of the statement's own. */
const isExcused = (error: string, statement: Statement, account: Account): boolean => {
  const { time } = account.world;
  const troubles = account.world.troubles.filter((trouble) => concernsReading(trouble, statement));
  const isRefused = (isOfStore: boolean) =>
    troubles.some((trouble) => trouble.kind === 'denied' && isOfStore === trouble.request.includes('"Key"'));
  const [first] = troubles;
  const wasRepeated = first !== undefined && time.now - first.at >= PATIENCE_MS;
  switch (error) {
    case ERRORS.resultUnreadable:
      return isRefused(false) || wasRepeated || time.now - (statement.endedAt ?? 0) >= REMEMBERED_MS;
    case ERRORS.resultNotStored:
      return isRefused(true) || wasRepeated;
    case ERRORS.resultTooLarge:
      // It takes more than one try.
      return troubles.length > 1;
    default:
      return false;
  }
};

/** The session in which rows are read is the role's, and serves all its statements. */
const concernsReading = ({ of, operation, request }: Trouble, { id }: Statement): boolean =>
  of !== 'invoker' && (operation === 'AssumeRole' || (isReading(operation) && request.includes(id)));

const isReading = (operation: string): boolean => operation === 'GetStatementResult' || /Object|Upload/.test(operation);
