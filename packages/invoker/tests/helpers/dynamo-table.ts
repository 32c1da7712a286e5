import { startTrackingTable, type TestedTable } from '../../../../scripts/lib/tracking-table.mjs';

export const TABLE_NAME = 'tracking';

export type DynamoTable = TestedTable;

export const startDynamoTable = (): Promise<DynamoTable> => startTrackingTable(TABLE_NAME);
