import type { StartRequest } from '@sfn-redshift/shared';
import type { RowsPlan, TaskPlan } from '../schedule.ts';

/** What a statement gives. */
export type Giving = Pick<RowsPlan, 'count' | 'perPage' | 'isLarge'>;

/** The answer to GetStatementResult. */
export interface ResultPage {
  readonly ColumnMetadata: readonly object[];
  readonly Records: readonly (readonly object[])[];
  readonly TotalNumRows: number;
  readonly NextToken?: string;
}

/** Where nobody says anything of rows. */
const ONE_ROW: Giving = { count: 1, perPage: 1, isLarge: false };

const LARGE_BYTES = 3 * 1024 * 1024;

/** No statement has more rows; those of a batch have so many among them. */
const PLACES = 1_000;
const PLACES_IN_BATCH = 100;

export const LABEL = 'place';

export const BUCKET = 'reports';

export const givingOf = ({ rows }: TaskPlan): Giving => rows ?? ONE_ROW;

/** What the completers read of a column. */
export const columnOf = ({ isLarge }: Giving) => ({ name: LABEL, type: isLarge ? 'varchar' : 'int8' });

/** A statement by its number; of a batch one by its index. */
export interface Source {
  readonly number: number;
  readonly index?: number;
}

/** The rows have one column. No two rows of all statements are the same. */
export const valuesOf = (
  { count, isLarge }: Giving,
  { number, index: first = 0 }: Source,
): readonly (number | string)[] =>
  Array.from({ length: count }, (_row, index) => {
    const place = number * PLACES + first * PLACES_IN_BATCH + index;
    return isLarge ? String(place).padEnd(LARGE_BYTES, '.') : place;
  });

/** A page's token says with which row it begins. */
export const pageOf = (gives: Giving, source: Source, token: string | undefined): ResultPage => {
  const from = Number(token ?? 0);
  const to = from + gives.perPage;
  const { name, type } = columnOf(gives);
  const fieldOf = (value: number | string) =>
    typeof value === 'number' ? { longValue: value } : { stringValue: value };
  return {
    ColumnMetadata: [{ label: name, name, typeName: type }],
    Records: valuesOf(gives, source)
      .slice(from, to)
      .map((value) => [fieldOf(value)]),
    TotalNumRows: gives.count,
    ...(to < gives.count && { NextToken: String(to) }),
  };
};

/** What a task's payload says of rows. */
export const rowsWantedOf = ({ rows, batch }: TaskPlan): Pick<StartRequest, 'result' | 'check'> => {
  if (!rows) return {};
  const { form, maxRows, isStored, check } = rows;
  const hasMany = form === 'rows' || form === 'column';
  return {
    ...(form && {
      result: {
        form,
        ...(hasMany && maxRows !== null && { maxRows }),
        ...(form === 'rows' && isStored && { s3: { bucket: BUCKET } }),
      },
    }),
    ...(check && !batch && { check }),
  };
};
