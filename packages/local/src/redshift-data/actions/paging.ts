import { validationError } from '../errors.ts';
import { type Input, optionalInteger, optionalString } from '../input.ts';

const LARGEST_PAGE = 100;

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/**
 * The page of a list that `NextToken` and `MaxResults` ask for; 100 without the latter, or when it is 0. No more is looked at
 * than it takes to fill the page.
 *
 * @param matches what is to be listed
 * @param keyOf what the next page's token is: it stays valid when the list grows at its beginning
 */
export const listPage = <T>(
  input: Input,
  all: readonly T[],
  matches: (item: T) => boolean,
  keyOf: (item: T) => string,
): ListPage<T> => {
  const token = optionalString(input, 'NextToken');
  const size = optionalInteger(input, 'MaxResults', { min: 0, max: LARGEST_PAGE }) || LARGEST_PAGE;
  const start = token === undefined ? 0 : all.findIndex((item) => keyOf(item) === token) + 1;
  if (token !== undefined && start === 0) throw validationError('Invalid pagination token.');
  const found = firstOf(all, start, matches, size + 1);
  const items = found.slice(0, size);
  const last = items.at(-1);
  return { items, ...(found.length > size && last !== undefined && { nextToken: keyOf(last) }) };
};

const firstOf = <T>(all: readonly T[], start: number, matches: (item: T) => boolean, count: number): T[] => {
  const found: T[] = [];
  for (let i = start; i < all.length && found.length < count; i += 1) {
    const item = all[i] as T;
    if (matches(item)) found.push(item);
  }
  return found;
};
