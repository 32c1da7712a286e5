import { AwsError } from '../../common/aws-error.ts';
import { validationError } from '../errors.ts';
import { type Input, optionalText } from './input.ts';

const DEFAULT_RESULTS = 100;
const MOST_RESULTS = 1000;

interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/**
 * The page of `all` that `maxResults` and `nextToken` ask for.
 *
 * @param idOf a stable name for an item, by which the next page finds where to go on although the list has grown
 * @throws AwsError `InvalidToken`, `ValidationException`
 */
export const pageOf = <T>(all: readonly T[], input: Input, idOf: (item: T) => string): Page<T> => {
  const limit = maxResultsOf(input);
  const start = startOf(all, optionalText(input, 'nextToken'), idOf);
  const items = all.slice(start, start + limit);
  const next = all[start + limit];
  return next === undefined ? { items } : { items, nextToken: Buffer.from(idOf(next)).toString('base64') };
};

const maxResultsOf = ({ maxResults = DEFAULT_RESULTS }: Input): number => {
  const value = Number(maxResults);
  if (Number.isInteger(value) && value >= 0 && value <= MOST_RESULTS) return value || DEFAULT_RESULTS;
  throw validationError(
    `Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${MOST_RESULTS}`,
  );
};

const startOf = <T>(all: readonly T[], token: string | undefined, idOf: (item: T) => string): number => {
  if (token === undefined) return 0;
  const id = Buffer.from(token, 'base64').toString();
  const start = all.findIndex((item) => idOf(item) === id);
  if (start >= 0) return start;
  throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
};
