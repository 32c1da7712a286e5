import type { Fuzzing } from '@sfn-redshift/fuzz';
import { startDynamoTable } from '../helpers/dynamo-table.ts';
import { batches, troubledBatches } from './batches.ts';
import { rowsOf } from './rows.ts';
import { sweeps } from './sweeps.ts';

/** What the completer holds against whatever comes in. */
export const openFuzzing = async (): Promise<Fuzzing> => {
  const table = await startDynamoTable();
  return {
    properties: [
      { name: 'batches', weight: 3, property: batches },
      { name: 'troubled batches', weight: 3, property: troubledBatches },
      { name: 'sweeps', weight: 3, property: sweeps },
      { name: 'rows', weight: 1, property: rowsOf(table) },
    ],
    close: () => table.close(),
  };
};
