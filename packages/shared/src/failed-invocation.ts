import * as z from 'zod/mini';
import { checkMessage } from './check.ts';

const failedInvocation = z.looseObject({
  requestContext: z.looseObject({ condition: z.string() }),
  requestPayload: z.unknown(),
  responsePayload: z.optional(z.unknown()),
});

/** Lambda has given up an asynchronous invocation of the invoker: what its destination is told. */
export interface FailedInvocation {
  /** Lambda's word, such as `RetriesExhausted`. */
  readonly condition: string;
  readonly payload: unknown;
  /** The error of the last try, as far as it was told. */
  readonly error: string;
  readonly cause: string;
}

export const isFailedInvocation = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'requestContext' in message && 'requestPayload' in message;

/** @throws MalformedMessage naming the field at fault. */
export const parseFailedInvocation = (message: unknown): FailedInvocation => {
  const { requestContext, requestPayload, responsePayload } = checkMessage(failedInvocation, message, 'invocation');
  const { condition } = requestContext;
  const { errorType, errorMessage } = (responsePayload ?? {}) as { errorType?: unknown; errorMessage?: unknown };
  return {
    condition,
    payload: requestPayload,
    error: typeof errorType === 'string' && errorType !== '' ? errorType : condition,
    cause: typeof errorMessage === 'string' ? errorMessage : 'the invoker could not be reached',
  };
};
