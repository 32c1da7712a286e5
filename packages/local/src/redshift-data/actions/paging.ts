import { validationError } from '../errors.ts';
import { type Input, optionalInteger, optionalString } from '../input.ts';

const LARGEST_PAGE = 100;

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/**
 * The page of a list that `NextToken` and `MaxResults` ask for; 100 without the latter, or when it is 0.
 *
 * @param keyOf what the next page's token is: it stays valid when the list grows at its beginning
 */
export const listPage = <T>(input: Input, found: readonly T[], keyOf: (item: T) => string): ListPage<T> => {
  const token = optionalString(input, 'NextToken');
  const size = optionalInteger(input, 'MaxResults', { min: 0, max: LARGEST_PAGE }) || LARGEST_PAGE;
  const start = token === undefined ? 0 : found.findIndex((item) => keyOf(item) === token) + 1;
  if (token !== undefined && start === 0) throw validationError('Invalid pagination token.');
  const items = found.slice(start, start + size);
  const last = items.at(-1);
  const hasMore = start + items.length < found.length;
  return { items, ...(hasMore && last !== undefined && { nextToken: keyOf(last) }) };
};
