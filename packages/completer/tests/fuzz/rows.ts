import { encodeTrackingItem, type TrackingItem } from '@sfn-redshift/shared';
import fc from 'fast-check';
import { UnreadableItem } from '../../src/errors.ts';
import { orphanTable } from '../../src/orphan-table.ts';
import { statementTable } from '../../src/statement-table.ts';
import { type DynamoTable, TABLE_NAME } from '../helpers/dynamo-table.ts';
import { ITEM } from '../helpers/fixtures.ts';
import { HEALTHY } from './healthy.ts';
import { row } from './world.ts';

const KEY = { owner: HEALTHY.owner, invocationKey: '0'.repeat(32) };

/** Of what stands in DynamoDB, an item is read or found unreadable, and hides no other. */
export const rowsOf = (table: DynamoTable) =>
  fc.asyncProperty(row, async (attributes) => {
    const isRow = typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes);
    fc.pre(isRow && (await isStored(table, { startedAt: ITEM.startedAt, ...attributes, ...KEY })));
    await table.put(encodeTrackingItem(HEALTHY));
    const found = await openItems(table);
    if (!found.some(({ invocationKey }) => invocationKey === HEALTHY.invocationKey))
      throw new Error('the other is hidden');
    await statementTable(table.client, TABLE_NAME).read(KEY).catch(unreadable);
  });

/** DynamoDB takes less than JSON holds: no empty names, no numbers of more than 38 digits. */
const isStored = async (table: DynamoTable, attributes: Record<string, unknown>): Promise<boolean> => {
  try {
    await table.put(attributes);
    return true;
  } catch {
    return false;
  }
};

const openItems = async (table: DynamoTable): Promise<readonly TrackingItem[]> => {
  const found: TrackingItem[] = [];
  try {
    for await (const item of orphanTable(table.client, TABLE_NAME).openItems(KEY.owner)) found.push(item);
  } catch (error) {
    unreadable(error);
  }
  return found;
};

const unreadable = (error: unknown): undefined => {
  if (!(error instanceof UnreadableItem)) throw error;
};
