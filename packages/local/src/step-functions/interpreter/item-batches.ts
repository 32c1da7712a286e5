import { type Json, LARGEST_PAYLOAD } from '../data/json.ts';
import type { MapState } from '../definition/states.ts';
import type { MapRunPart } from '../map-run.ts';
import type { Visit } from './visit.ts';

const IN = { in: 'ItemBatcher' };

/** The items as the child executions get them: each by itself, or with `ItemBatcher` several together. */
export const partsOf = async (visit: Visit<MapState>, items: readonly Json[]): Promise<readonly MapRunPart[]> => {
  if (visit.state.ItemBatcher === undefined) return items.map((input) => ({ input, itemCount: 1 }));
  const most = (await visit.number('MaxItemsPerBatch', IN)) ?? Number.POSITIVE_INFINITY;
  const largest = (await visit.number('MaxInputBytesPerBatch', IN)) ?? LARGEST_PAYLOAD;
  const batchInput = await visit.template('BatchInput', IN);
  const shared = batchInput === undefined ? {} : { BatchInput: batchInput };
  return batchesOf(items, { most, largest, taken: bytesOf({ ...shared, Items: [] }) }).map((batch) => ({
    input: { ...shared, Items: batch },
    itemCount: batch.length,
  }));
};

interface BatchLimits {
  readonly most: number;
  /** Bytes. */
  readonly largest: number;
  /** Bytes that every batch has without items. */
  readonly taken: number;
}

const batchesOf = (items: readonly Json[], { most, largest, taken }: BatchLimits): readonly (readonly Json[])[] => {
  const batches: Json[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item) + 1;
    const last = batches.at(-1);
    if (last && last.length < most && bytes + size <= largest) {
      last.push(item);
      bytes += size;
    } else {
      batches.push([item]);
      bytes = taken + size;
    }
  }
  return batches;
};

const bytesOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));
