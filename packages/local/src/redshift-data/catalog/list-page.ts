import { createHash } from 'node:crypto';
import { validationError } from '../errors.ts';
import { type Input, optionalInteger, optionalString } from '../input.ts';

const LARGEST_PAGE = 1000;
const PAGE_SIZE = { min: 0, max: LARGEST_PAGE };

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

/**
 * The page that `MaxResults` and `NextToken` ask for. A token holds the key of the last item before it, so that nothing is
 * left out or told twice when things come and go between pages.
 *
 * @param keyOf unique, and what the list is sorted by
 * @param list what a token is good for: the same list only
 * @throws AwsError `ValidationException` for a token that was not given out for this list
 */
export const listPage = <Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  input: Input,
  list: readonly unknown[],
): ListPage<Item> => {
  const digest = createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 16);
  const token = optionalString(input, 'NextToken');
  const last = token === undefined ? undefined : keyIn(token, digest);
  const rest = all
    .filter((item) => last === undefined || keyOf(item) > last)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const items = rest.slice(0, pageSize(input));
  const end = items.at(-1);
  return { items, ...(items.length < rest.length && end && { nextToken: tokenOf(keyOf(end), digest) }) };
};

/** 0 is allowed, and means nothing that AWS would explain. */
export const pageSize = (input: Input): number => optionalInteger(input, 'MaxResults', PAGE_SIZE) || LARGEST_PAGE;

const tokenOf = (key: string, digest: string): string => Buffer.from(`${digest}${key}`).toString('base64url');

const keyIn = (token: string, digest: string): string => {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(digest)) throw validationError('Invalid pagination token.');
  return text.slice(digest.length);
};
