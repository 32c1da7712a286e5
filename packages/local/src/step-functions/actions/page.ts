import { AwsError } from '../../common/aws-error.ts';
import { validationError } from '../errors.ts';
import { type Input, optionalText } from './input.ts';

const DEFAULT_RESULTS = 100;
const MOST_RESULTS = 1000;

interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** What is paged through: a list that may grow meanwhile, but of which nothing is taken away. */
interface Listing<T> {
  readonly all: readonly T[];
  readonly newestFirst?: boolean;
  /** What is left out does not count; everything is in by default. */
  readonly includes?: (item: T) => boolean;
}

/**
 * The page that `maxResults` and `nextToken` ask for. Looks at no more of the list than the page needs.
 *
 * @throws AwsError `InvalidToken`, `ValidationException`
 */
export const pageOf = <T>({ all, newestFirst = false, includes = () => true }: Listing<T>, input: Input): Page<T> => {
  const limit = maxResultsOf(input);
  const step = newestFirst ? -1 : 1;
  const items: T[] = [];
  for (let at = startOf(input, newestFirst ? all.length - 1 : 0, all.length); at >= 0 && at < all.length; at += step) {
    const item = all[at] as T;
    if (!includes(item)) continue;
    if (items.length === limit) return { items, nextToken: tokenOf(at) };
    items.push(item);
  }
  return { items };
};

const maxResultsOf = (input: Input): number => {
  const value = Number(input.maxResults ?? DEFAULT_RESULTS);
  if (Number.isInteger(value) && value >= 0 && value <= MOST_RESULTS) return value || DEFAULT_RESULTS;
  throw validationError(
    `Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value ${value < 0 ? 'greater than or equal to 0' : `less than or equal to ${MOST_RESULTS}`}`,
  );
};

/** Says where the next page begins. */
const tokenOf = (position: number): string => Buffer.from(`page ${position}`).toString('base64');

const startOf = (input: Input, first: number, length: number): number => {
  const token = optionalText(input, 'nextToken');
  if (token === undefined) return first;
  const position = Number(/^page (\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1]);
  if (position < length) return position;
  throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
};
