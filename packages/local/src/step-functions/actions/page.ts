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
  /** Where in `all` to look, in ascending order; everywhere by default. */
  readonly at?: readonly number[];
  /** What is left out does not count; everything is in by default. */
  readonly includes?: (item: T) => boolean;
}

/**
 * The page that `maxResults` and `nextToken` ask for. Looks at no more of the list than the page needs.
 *
 * @throws AwsError `InvalidToken`, `ValidationException`
 */
export const pageOf = <T>(listing: Listing<T>, input: Input): Page<T> => {
  const { all, includes = () => true } = listing;
  const limit = maxResultsOf(input);
  const items: T[] = [];
  for (const position of positionsIn(listing, startOf(input, all.length))) {
    const item = all[position] as T;
    if (!includes(item)) continue;
    if (items.length === limit) return { items, nextToken: tokenOf(position) };
    items.push(item);
  }
  return { items };
};

/** From where the page begins on; from the first on by default. */
function* positionsIn<T>({ all, newestFirst = false, at }: Listing<T>, start?: number): Iterable<number> {
  if (at) {
    const isPast = (position: number) => start !== undefined && (newestFirst ? position > start : position < start);
    yield* (newestFirst ? at.toReversed() : at).filter((position) => !isPast(position));
    return;
  }
  const step = newestFirst ? -1 : 1;
  for (let place = start ?? (newestFirst ? all.length - 1 : 0); place >= 0 && place < all.length; place += step)
    yield place;
}

const maxResultsOf = (input: Input): number => {
  const value = Number(input.maxResults ?? DEFAULT_RESULTS);
  if (Number.isInteger(value) && value >= 0 && value <= MOST_RESULTS) return value || DEFAULT_RESULTS;
  throw validationError(
    `Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value ${value < 0 ? 'greater than or equal to 0' : `less than or equal to ${MOST_RESULTS}`}`,
  );
};

/** Says where the next page begins. */
const tokenOf = (position: number): string => Buffer.from(`page ${position}`).toString('base64');

const startOf = (input: Input, length: number): number | undefined => {
  const token = optionalText(input, 'nextToken');
  if (token === undefined) return undefined;
  const position = Number(/^page (\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1]);
  if (position < length) return position;
  throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
};
