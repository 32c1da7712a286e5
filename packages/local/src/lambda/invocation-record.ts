import { functionIn } from './function-name.ts';
import type { InvokeRequest } from './function-runner.ts';
import type { InvocationResult } from './invocation.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** How an asynchronous invocation ended, for good. */
export interface AsyncOutcome {
  readonly condition: Condition;
  /** Of the last attempt that reached the function. */
  readonly result: InvocationResult | undefined;
  readonly attempts: number;
}

/** What a destination is told. */
export type InvocationRecord = Readonly<Record<string, unknown>>;

export const recordOf = (request: InvokeRequest, outcome: AsyncOutcome, now: number): InvocationRecord => ({
  version: '1.0',
  timestamp: new Date(now).toISOString(),
  requestContext: {
    requestId: request.requestId,
    functionArn: qualified(request.invokedFunctionArn),
    condition: outcome.condition,
    approximateInvokeCount: outcome.attempts,
  },
  requestPayload: JSON.parse(request.payload) as unknown,
  ...(outcome.result ? responseOf(outcome.result) : {}),
});

const responseOf = ({ executedVersion, functionError, payload }: InvocationResult) => ({
  responseContext: { statusCode: 200, executedVersion, ...(functionError ? { functionError } : {}) },
  responsePayload: JSON.parse(payload) as unknown,
});

/** A record always names the version or alias. */
const qualified = (arn: string): string => (functionIn(arn)?.qualifier === undefined ? `${arn}:$LATEST` : arn);

/** Why an invocation failed, in a line for the dead-letter queue. */
export const reasonOf = ({ result }: AsyncOutcome): string => {
  if (!result) return 'Rate Exceeded.';
  const payload = JSON.parse(result.payload) as { readonly errorMessage?: unknown } | null;
  return typeof payload?.errorMessage === 'string' ? payload.errorMessage : '';
};
