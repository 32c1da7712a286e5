import type { Caller } from '../../common/service.ts';
import type { ActionDeps } from '../actions/action.ts';
import { type Input, optionalString } from '../input.ts';
import { readTarget, type Target } from '../target.ts';
import { type ListPage, listPage, pageSize } from './list-page.ts';

/** A backslash takes the next character literally, so it cannot be the last; PostgreSQL would notice it now and then. */
const LIKE_PATTERN = { pattern: /^(?:[^\\]|\\[^])*$/ };

/**
 * Where a metadata call looks. `ConnectedDatabase` names the database that the credentials are for; what is asked about is
 * `Database`, and the stage looks there directly, since PostgreSQL sees one database at a time.
 */
export const metadataTarget = (
  input: Input,
  caller: Caller,
  deps: Pick<ActionDeps, 'account' | 'warehouses'>,
): Target => {
  optionalString(input, 'ConnectedDatabase', { minLength: 1 });
  return readTarget(input, caller, deps.account, deps.warehouses);
};

/** One page of what `rows` finds, sorted by key. `filters` are the members that narrow the list. */
export const metadataPage = async <Item>(
  input: Input,
  target: Target,
  filters: readonly string[],
  find: (values: readonly (string | undefined)[]) => Promise<readonly Item[]>,
  keyOf: (item: Item) => string,
): Promise<ListPage<Item>> => {
  const values = filters.map((field) => optionalString(input, field, field.endsWith('Pattern') ? LIKE_PATTERN : {}));
  pageSize(input);
  const { arn, database, user } = target;
  return listPage(await find(values), keyOf, input, [arn, database, user, ...filters, ...values]);
};
