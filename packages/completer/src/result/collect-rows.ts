import { type JsonValue, names, type ResultOutput, type ResultRequest, type ResultSummary } from '@sfn-redshift/shared';
import type { ResultPage } from '../owner-results.ts';
import { MAX_OUTPUT_BYTES } from '../task-answer.ts';
import { mismatch, ResultFailure } from './result-failure.ts';
import { rowsBy } from './result-rows.ts';
import { type Field, valueOf } from './sql-value.ts';

/**
 * The rows in the form that was asked for. No more pages are asked for when they cannot fit, or are not what was asked for.
 * @throws ResultFailure, and what the pages throw
 */
export const collectRows = async (pages: AsyncIterable<ResultPage>, request: ResultRequest): Promise<ResultOutput> => {
  const found: JsonValue[] = [];
  let bytes = 0;
  let summary: ResultSummary = { columns: [], rowCount: 0 };
  let convert: ((fields: readonly Field[]) => JsonValue) | undefined;
  for await (const page of pages) {
    summary = { columns: page.columns, rowCount: page.totalRows, ...(convert && { columns: summary.columns }) };
    convert ??= converterFor(request, summary);
    for (const fields of page.rows) {
      const value = convert(fields);
      bytes += Buffer.byteLength(JSON.stringify(value)) + ','.length;
      if (bytes > MAX_OUTPUT_BYTES) throw tooLarge(summary, found.length);
      found.push(value);
    }
  }
  return outputOf(request, summary, found);
};

/** @throws ResultFailure where the result is not of the form */
const converterFor = (request: ResultRequest, { columns, rowCount }: ResultSummary) => {
  checkRowCount(request, rowCount);
  const { form } = request;
  if (form === 'rows' || form === 'row') return rowsBy(columns);
  const [column, ...others] = columns;
  if (!column || others.length > 0) throw mismatch(`has ${columns.length} columns; the form ${form} is for one.`);
  return ([field = {}]: readonly Field[]) => valueOf(field, column.type);
};

/** @throws ResultFailure where there are too many */
export const checkRowCount = ({ form, maxRows = Number.POSITIVE_INFINITY }: ResultRequest, rowCount: number): void => {
  if (rowCount > 1 && (form === 'row' || form === 'value')) {
    throw mismatch(`gave ${rowCount} rows; the form ${form} is for one.`);
  }
  if (rowCount <= maxRows) return;
  throw new ResultFailure(
    names.ERROR_NAMES.tooManyRows,
    `The statement finished, but gave ${rowCount} rows; maxRows is ${maxRows}.`,
  );
};

const tooLarge = ({ rowCount }: { readonly rowCount: number }, fitting: number): ResultFailure =>
  new ResultFailure(
    names.ERROR_NAMES.outputTooLarge,
    `The statement finished, but of its ${rowCount} rows no more than ${fitting} fit into the ${MAX_OUTPUT_BYTES} bytes that a callback takes. Select less, or send the rows to S3 (result.s3).`,
  );

const outputOf = ({ form }: ResultRequest, summary: ResultSummary, found: readonly JsonValue[]): ResultOutput => {
  const [only = null] = found;
  const told = form === 'rows' || form === 'column' ? found : only;
  return { ...summary, [form]: told } as ResultOutput;
};
