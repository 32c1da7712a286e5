import { type CheckedValue, type CheckOutput, type DataCheck, type JsonValue, names } from '@sfn-redshift/shared';
import type { OwnerResults, ResultPage } from '../owner-results.ts';
import { compareValues } from './compare-values.ts';
import { mismatch, ResultFailure } from './result-failure.ts';
import type { ResultSource } from './result-rows.ts';
import { sampleOf, shortened } from './sample-rows.ts';
import { valueOf } from './sql-value.ts';

/** Whose rows are checked, and for which state, if it is one. */
export interface CheckSource extends ResultSource {
  readonly stateName?: string;
}

/**
 * Holds the rows against what was expected of them. One page tells all: how many there are, and the only value.
 * @throws ResultFailure `DataCheckFailed`, with a sample, or `ResultMismatch` where there is no one value; and what the
 * page throws
 */
export const checkRows = async (source: CheckSource, check: DataCheck, results: OwnerResults): Promise<CheckOutput> => {
  const page = await results.page(source.owner, source.statementId, undefined);
  const asked = { check, page, stateName: source.stateName };
  return check.type === 'value' ? checkValue(asked) : checkCount(asked);
};

/** A check, the page that it is about, and the state that asks. */
interface Asked {
  readonly check: DataCheck;
  readonly page: ResultPage;
  readonly stateName: string | undefined;
}

const checkCount = (asked: Asked): CheckOutput => {
  const { check, page } = asked;
  const { type } = check;
  const { totalRows: rowCount } = page;
  const wanted = { noRows: { equals: 0 }, someRows: { min: 1 }, count: check, value: check }[type];
  const broken = brokenBound(rowCount, 'int8', wanted);
  if (broken) throw checkFailed(asked, `the statement gave ${rowsOf(rowCount)}, ${broken}`);
  return { type, rowCount };
};

const checkValue = (asked: Asked): CheckOutput => {
  const { check, page } = asked;
  const { columns, rows, totalRows: rowCount } = page;
  const [column] = columns;
  if (!column || columns.length > 1 || rowCount !== 1) {
    throw mismatch(
      `gave ${rowsOf(rowCount)} of ${columns.length} columns; a check of a value is for one row of one column.`,
    );
  }
  const value = valueOf(rows[0]?.[0] ?? { isNull: true }, column.type);
  const broken = brokenBound(value, column.type, check);
  if (broken) throw checkFailed(asked, `the value is ${shown(value)}, ${broken}`, { value: shortened(value) });
  return { type: check.type, rowCount, value };
};

type Bounds = Pick<DataCheck, 'equals' | 'min' | 'max'>;

/** In words what the value is not; undefined where it is all that it should be. */
const brokenBound = (value: JsonValue, type: string, { equals, min, max }: Bounds): string | undefined => {
  const against = (wanted: CheckedValue) => compareValues(value, type, wanted) ?? Number.NaN;
  if (equals !== undefined && against(equals) !== 0) return `not ${shown(equals)}`;
  if (min !== undefined && !(against(min) >= 0)) return `not at least ${shown(min)}`;
  if (max !== undefined && !(against(max) <= 0)) return `not at most ${shown(max)}`;
  return undefined;
};

const SHOWN_LENGTH = 200;

const shown = (value: JsonValue): string => {
  const text = JSON.stringify(value);
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH).toWellFormed()}…`;
};

const rowsOf = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

const checkFailed = ({ check, page, stateName }: Asked, found: string, more: object = {}): ResultFailure => {
  const which = stateName === undefined ? '' : ` of the state ${JSON.stringify(stateName)}`;
  const message = `The ${check.type} check${which} failed: ${found}.`;
  return new ResultFailure(names.ERROR_NAMES.dataCheckFailed, message, {
    check: { ...check, rowCount: page.totalRows, ...more },
    sample: sampleOf(page, check.sampleRows),
  });
};
