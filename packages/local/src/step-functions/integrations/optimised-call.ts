import type { Json } from '../data/json.ts';
import type { SdkService } from './sdk-services.ts';
import { fromApi, toApi } from './sdk-shapes.ts';
import { type OptimisedNames, optimisedError } from './service-errors.ts';
import type { TaskCaller } from './task-caller.ts';

/** A service as an optimised integration calls it. */
export interface OptimisedService {
  readonly api: Pick<SdkService, 'service' | 'camelCase' | 'jsonTexts' | 'maps' | 'times'>;
  readonly names: OptimisedNames;
}

/**
 * Makes the call of an optimised integration.
 *
 * @throws StateError in the words that AWS's histories have for it
 */
export const optimisedCall = async (
  { api, names }: OptimisedService,
  operation: string,
  parameters: Json,
  caller: TaskCaller,
): Promise<Json> => {
  const service = { ...api, prefix: names.prefix, operations: [operation] };
  try {
    return fromApi(await caller.call(api.service, operation, toApi(parameters, service)), service);
  } catch (error) {
    throw optimisedError(names, error);
  }
};
