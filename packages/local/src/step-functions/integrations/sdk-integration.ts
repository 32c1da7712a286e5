import type { Integration, Pattern } from './integration.ts';
import { SDK_SERVICES } from './sdk-services.ts';
import { fromApi, lowered, toApi } from './sdk-shapes.ts';
import { sdkError } from './service-errors.ts';

const PATTERNS: Readonly<Record<string, Pattern>> = { '': 'request', '.waitForTaskToken': 'callback' };

/** `aws-sdk:NAME:operation`: any operation of a service that the stage has. */
export const sdkIntegration =
  (name: string): Integration =>
  (operation, suffix) => {
    const service = SDK_SERVICES.get(name);
    const pattern = PATTERNS[suffix];
    const apiOperation = service?.operations.find((known) => lowered(known) === operation);
    if (!service || !pattern || !apiOperation) return undefined;
    return {
      resource: `${operation}${suffix}`,
      resourceType: `aws-sdk:${name}`,
      pattern,
      start: async (parameters, caller) => {
        try {
          const output = await caller.call(service.service, apiOperation, toApi(parameters, service));
          return { result: fromApi(output, service) };
        } catch (error) {
          throw sdkError(service, error);
        }
      },
    };
  };
