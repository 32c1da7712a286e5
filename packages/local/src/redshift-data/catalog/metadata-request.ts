import type { Caller } from '../../common/service.ts';
import { type Input, optionalString } from '../input.ts';
import { type Connection, readConnection, readTarget, type Target, type TargetDeps } from '../target.ts';
import { type ListPage, listPage, pageSize } from './list-page.ts';

/** A backslash takes the next character literally, so it cannot be the last; PostgreSQL would notice it now and then. */
const LIKE_PATTERN = { pattern: /^(?:[^\\]|\\[^])*$/ };

/**
 * Where a metadata call looks. `ConnectedDatabase` names the database that the credentials are for; what is asked about is
 * `Database`, and the stage looks there directly, since PostgreSQL sees one database at a time.
 */
export const metadataTarget = (input: Input, caller: Caller, deps: TargetDeps): Target => {
  checkConnectedDatabase(input);
  return readTarget(input, caller, deps);
};

/** The same, before it is known as whom. */
export const metadataConnection = (input: Input, deps: TargetDeps): Connection => {
  checkConnectedDatabase(input);
  return readConnection(input, deps);
};

const checkConnectedDatabase = (input: Input): void => {
  optionalString(input, 'ConnectedDatabase', { minLength: 1 });
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
