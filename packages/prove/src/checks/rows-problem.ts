import { isDeepStrictEqual } from 'node:util';
import { type DataCheck, names, type ResultRequest } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { subStatementsOf, UNKNOWN } from '../account/batch.ts';
import type { Statement } from '../account/redshift.ts';
import { BUCKET, columnOf, LABEL, rowsWantedOf, valuesOf } from '../account/rows.ts';
import type { Told } from '../account/workflows.ts';
import type { TaskPlan } from '../schedule.ts';
import { linesOf, objectKeyOf } from './check-stored.ts';
import { isExcused, wasUnreadable } from './reading-excuses.ts';

const ERRORS = names.ERROR_NAMES;

/** What a task is to be told of rows: members of its output, or its error, with members of its cause. */
type Expected =
  | { readonly output: Readonly<Record<string, unknown>> }
  | { readonly error: string; readonly cause?: Readonly<Record<string, unknown>> };

/**
 * Invariant 2, of a statement that has finished: its task is told exactly what it asked for of the rows, or why that cannot
 * be. A failure to read or to write them it is told only if no repetition helps, or when it has been repeated for long.
 */
export const rowsProblem = (told: Told, statement: Statement, task: TaskPlan, account: Account): string | undefined => {
  const expected = expectedOf(statement, task);
  if (told.type === 'failure') {
    if (!('error' in expected) || expected.error !== told.error)
      return isExcused(told.error, statement, account) ? undefined : `it has not failed with ${told.error}`;
    return hasAll(JSON.parse(told.cause), expected.cause ?? {}) ? undefined : 'its cause is another';
  }
  const output = JSON.parse(told.output) as Readonly<Record<string, unknown>>;
  const isUnread =
    statement.batch && !rowsWantedOf(task).result && isDeepStrictEqual(output.statements, unread(statement));
  if (isUnread) return wasUnreadable(statement, account) ? undefined : 'its statements could be read';
  if (!isOfSession(output.sessionId, statement, account)) return 'its session is another';
  if ('error' in expected) return `it should fail with ${expected.error}`;
  const { result, check, statements } = output;
  const expectedOutput = { result: undefined, check: undefined, statements: undefined, ...expected.output };
  if (!isDeepStrictEqual({ result, check, statements }, expectedOutput)) return 'the rows that it asked for are others';
  return isStored(statement, task, account) ? undefined : 'its rows are not in the bucket';
};

/** Null where it was not noted, and could not be read. */
const isOfSession = (told: unknown, statement: Statement, account: Account): boolean =>
  told === statement.session?.id ||
  (told === null && statement.session !== undefined && wasUnreadable(statement, account));

const hasAll = (cause: unknown, members: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(members).every(([name, value]) =>
    isDeepStrictEqual((cause as Readonly<Record<string, unknown>>)[name], value),
  );

const expectedOf = (statement: Statement, task: TaskPlan): Expected => {
  const { result, check } = rowsWantedOf(task);
  if (statement.batch) return ofBatch(statement, result);
  const checked = check ? checkOf(check, statement) : { output: {} };
  if ('error' in checked || !result) return checked;
  const read = resultOf(result, statement);
  return 'error' in read ? read : { output: { ...checked.output, ...read.output } };
};

const ofBatch = (statement: Statement, result: ResultRequest | undefined): Expected => {
  const entries = [];
  for (const [index, sub] of subsOf(statement).entries()) {
    const read = result && sub.HasResultSet ? resultOf(result, statement, index) : { output: {} };
    if ('error' in read) return { ...read, cause: { statement: index } };
    entries.push({ ...entryOf(sub), ...read.output });
  }
  return { output: { statements: entries } };
};

const subsOf = (statement: Statement) => (statement.batch ? subStatementsOf(statement, statement.batch) : []);

const entryOf = ({ Id, Status, ResultRows, RedshiftQueryId }: ReturnType<typeof subStatementsOf>[number]) => ({
  statementId: Id,
  state: Status,
  rows: ResultRows,
  redshiftQueryId: RedshiftQueryId,
});

/** What is told where nobody could read what became of them. */
const unread = (statement: Statement) =>
  subsOf(statement).map((sub) => ({ ...entryOf(sub), rows: UNKNOWN, redshiftQueryId: UNKNOWN }));

const checkOf = (check: DataCheck, { gives, number }: Statement): Expected => {
  const { type, equals, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = check;
  const { count: rowCount, perPage } = gives;
  const values = valuesOf(gives, { number });
  if (type === 'value' && rowCount !== 1) return { error: ERRORS.resultMismatch };
  const [value] = values;
  const looked = type === 'value' ? Number(value) : rowCount;
  const within = equals === undefined ? looked >= Number(min) && looked <= Number(max) : looked === equals;
  const isGood = { noRows: rowCount === 0, someRows: rowCount > 0, count: within, value: within }[type];
  const found = { rowCount, ...(type === 'value' && { value }) };
  if (isGood) return { output: { check: { type, ...found } } };
  const sample = values.slice(0, Math.min(perPage, SAMPLE_ROWS)).map((of) => ({ [LABEL]: of }));
  return { error: ERRORS.dataCheckFailed, cause: { check: { ...check, ...found }, sample } };
};

/** As many, of the first page. */
const SAMPLE_ROWS = 5;

const resultOf = (request: ResultRequest, statement: Statement, index = 0): Expected => {
  const { form, maxRows = Number.POSITIVE_INFINITY, s3 } = request;
  const { gives } = statement;
  if (gives.count > 1 && (form === 'row' || form === 'value')) return { error: ERRORS.resultMismatch };
  if (gives.count > maxRows) return { error: ERRORS.tooManyRows };
  const summary = { columns: [columnOf(gives)], rowCount: gives.count };
  if (s3) return { output: { result: { ...summary, s3: storedAs(statement, index) } } };
  if (gives.isLarge && gives.count > 0) return { error: ERRORS.outputTooLarge };
  return { output: { result: { ...summary, [form]: inForm(form, statement, index) } } };
};

const storedAs = (statement: Statement, index: number) => {
  const key = objectKeyOf(statement, index);
  const bytes = Buffer.byteLength(linesOf(statement, index));
  return { bucket: BUCKET, key, uri: `s3://${BUCKET}/${key}`, bytes };
};

const inForm = (form: string, { gives, number }: Statement, index: number): unknown => {
  const values = valuesOf(gives, { number, index });
  const rows = values.map((value) => ({ [LABEL]: value }));
  const forms: Readonly<Record<string, unknown>> = {
    rows,
    column: values,
    row: rows[0] ?? null,
    value: values[0] ?? null,
  };
  return forms[form];
};

/** Whether all is in the bucket that is to be there. */
const isStored = (statement: Statement, task: TaskPlan, { bucket }: Account): boolean => {
  if (!rowsWantedOf(task).result?.s3) return true;
  const subs = statement.batch ? subsOf(statement) : [{ HasResultSet: true }];
  return subs.every(
    ({ HasResultSet }, index) =>
      !HasResultSet || bucket.objects.get(objectKeyOf(statement, index)) === linesOf(statement, index),
  );
};
