import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { decodeTrackingItem, names, type TrackingItem } from '@sfn-redshift/shared';
import { placeholdersOf } from './expressions.ts';
import type { access, Values } from './table-access.ts';
import { IS } from './table-conditions.ts';

/** Which statements of an owner `newestStatements` gives: those of one target, optionally of one state. */
export interface StatementFilter {
  readonly targetId: string;
  readonly state?: string;
}

/** The newest is mostly the one that is asked for: a small page keeps it cheap (items are about 1 KB). */
const PAGE_SIZE = 25;

type Query = ReturnType<typeof access>['query'];

/** Those that have a statement, newest first. */
export const newest = (
  query: Query,
  owner: string,
  { targetId, state }: StatementFilter,
): AsyncIterable<TrackingItem> =>
  itemsBy(
    query,
    [IS.withStatement, IS.ofTarget, ...(state === undefined ? [] : [IS.ofState])],
    { owner, targetId, state },
    PAGE_SIZE,
  );

/** Those of the same attempt chain as this one. */
export const chainOf = async (query: Query, { owner, targetId, attempt, workHash }: TrackingItem) => {
  const filters = [IS.ofTarget, IS.ofState, IS.ofEntry, IS.ofWork];
  const { state, enteredTime } = attempt ?? {};
  return await allOf(itemsBy(query, filters, { owner, targetId, state, enteredTime, workHash }));
};

export const allOf = async (found: AsyncIterable<TrackingItem>): Promise<readonly TrackingItem[]> => {
  const items: TrackingItem[] = [];
  for await (const item of found) items.push(item);
  return items;
};

/** The owner's items that pass the filters, newest first. */
export async function* itemsBy(query: Query, filters: readonly string[], values: Values, Limit?: number) {
  const input = {
    IndexName: names.TABLE.startedAtIndex,
    KeyConditionExpression: IS.ofOwner,
    ...(filters.length > 0 && { FilterExpression: filters.join(' AND ') }),
    ...placeholdersOf([IS.ofOwner, ...filters], values),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit,
  };
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await query({ ...input, ExclusiveStartKey });
    for (const item of page.Items ?? []) yield decodeTrackingItem(unmarshall(item));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
