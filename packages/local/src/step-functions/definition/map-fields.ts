import { isObject, type JsonObject } from '../data/json.ts';
import { notSupported } from '../errors.ts';
import { DISTRIBUTED_ONLY } from './fields.ts';

const CONFIG = ['Mode', 'ExecutionType'];
const ITEM_BATCHER = [
  'BatchInput',
  'MaxItemsPerBatch',
  'MaxItemsPerBatchPath',
  'MaxInputBytesPerBatch',
  'MaxInputBytesPerBatchPath',
];

/** @throws NotSupportedError for what a Map state asks for and the stage does not do */
export const refuseInMap = (where: string, state: JsonObject): void => {
  const { ItemProcessor: processor = state.Iterator, ItemBatcher: batcher } = state;
  const config = isObject(processor) && isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  refuseOthers(`${where}: ProcessorConfig`, config, CONFIG);
  if (config.ExecutionType === 'EXPRESS') throw notSupported(`${where}: ExecutionType EXPRESS`);
  if (isObject(batcher)) refuseOthers(`${where}: ItemBatcher`, batcher, ITEM_BATCHER);
  const distributed = DISTRIBUTED_ONLY.find((field) => state[field] !== undefined);
  if (distributed !== undefined && config.Mode !== 'DISTRIBUTED')
    throw notSupported(`${where}: ${distributed} in mode INLINE`);
};

const refuseOthers = (where: string, given: JsonObject, known: readonly string[]): void => {
  const refused = Object.keys(given).find((field) => !known.includes(field));
  if (refused !== undefined) throw notSupported(`${where}: ${refused}`);
};
