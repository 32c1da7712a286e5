import { InvalidRequest } from './failure.ts';
import { describeReceived } from './received.ts';
import type { RequestFields } from './task-request-fields.ts';

/** What becomes of the rows: all of them, the only one, the only column, the only value. */
export const RESULT_FORMS = ['rows', 'row', 'column', 'value'] as const;
export type ResultForm = (typeof RESULT_FORMS)[number];

/** A place for rows in S3. */
export interface ResultBucket {
  readonly bucket: string;
  /** What keys begin with; a `/` follows it, unless it ends with one. */
  readonly prefix?: string | undefined;
}

/** What a task wants to have of its statement's rows. */
export interface ResultRequest {
  readonly form: ResultForm;
  /** More rows than that fail the task. */
  readonly maxRows?: number | undefined;
  /** The rows go there, as JSON lines, and not into the output. */
  readonly s3?: ResultBucket | undefined;
}

/** What is expected of the rows. */
export const CHECK_TYPES = ['noRows', 'someRows', 'count', 'value'] as const;

/** A value that rows can be compared with. */
export type CheckedValue = string | number | boolean | null;

/**
 * What must be true of a statement's rows, else its task fails. `count` is about how many there are, `value` about the only
 * value; each equals something, or lies between bounds, which are themselves good.
 */
export interface DataCheck {
  readonly type: (typeof CHECK_TYPES)[number];
  readonly equals?: CheckedValue | undefined;
  readonly min?: string | number | undefined;
  readonly max?: string | number | undefined;
  /** So many of the first rows are in the cause of a check that failed. */
  readonly sampleRows?: number | undefined;
}

/** What a request says about rows. */
export interface RowsWanted {
  readonly result?: ResultRequest;
  readonly check?: DataCheck;
}

/** @throws InvalidRequest where the members of `result` or `check` do not go together, or nobody waits for the rows */
export const rowsWantedOf = (
  fields: RequestFields,
  hasCallback: boolean,
): { readonly [N in keyof RowsWanted]-?: RowsWanted[N] | undefined } => {
  const result = resultOf(fields.result);
  const check = checkOf(fields.check);
  if (result && !hasCallback) {
    refuse('result', 'needs taskToken or durableCallbackId: rows go to who waits', fields.result);
  }
  if (check && !hasCallback) {
    refuse('check', 'needs taskToken or durableCallbackId: it is who waits that is told', fields.check);
  }
  return { result, check };
};

const resultOf = (given: RequestFields['result']): ResultRequest | undefined => {
  if (given === undefined) return undefined;
  const { maxRows, s3 } = given;
  const { form = s3 ? 'rows' : 'none' } = given;
  if (s3 !== undefined && form !== 'rows') refuse('result.s3', 'goes with form rows only', s3);
  if (maxRows !== undefined && form !== 'rows' && form !== 'column') {
    refuse('result.maxRows', 'goes with forms rows and column only', maxRows);
  }
  if (form === 'none') return undefined;
  return { form, ...(maxRows !== undefined && { maxRows }), ...(s3 && { s3 }) };
};

const BOUNDS = ['equals', 'min', 'max'] as const;

const checkOf = (check: RequestFields['check']): DataCheck | undefined => {
  if (check === undefined) return undefined;
  const { type, min, max } = check;
  const [first, ...others] = BOUNDS.filter((name) => check[name] !== undefined);
  if (type === 'noRows' || type === 'someRows') {
    if (first !== undefined) refuse(`check.${first}`, `does not go with type ${type}`, check[first]);
    return check;
  }
  if (first === undefined) refuse('check', `of type ${type} needs equals, min or max`, check);
  if (first === 'equals' && others.length > 0)
    refuse('check.equals', 'stands alone: without min and max', check.equals);
  if (type === 'count') BOUNDS.forEach((name) => refuseNoCount(name, check[name]));
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    refuse('check.min', `must not be more than max, which is ${max}`, min);
  }
  return check;
};

const refuseNoCount = (name: string, value: CheckedValue | undefined): void => {
  const isCount = value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);
  if (!isCount) refuse(`check.${name}`, 'must be a whole number, at least 0, with type count', value);
};

const refuse = (place: string, problem: string, received: unknown): never => {
  throw new InvalidRequest(place, problem, describeReceived(place, received));
};
