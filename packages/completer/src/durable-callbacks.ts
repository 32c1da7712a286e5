import type { TaskResult } from '@sfn-redshift/shared';
import type { Delivery } from './callback.ts';

/** Callbacks of durable functions. What is thrown is what the SDK throws: another try may succeed. */
export interface DurableCallbacks {
  /** Completes the callback: with the output as JSON, or with the error, its text, and the cause as data. */
  answer(callbackId: string, result: TaskResult): Promise<Delivery>;
  /**
   * Sends it a heartbeat. `gone`: it is proven that nobody waits for it any more. `unknown`: Lambda does not know it, which
   * proves nothing of who waits.
   */
  beat(callbackId: string): Promise<'waits' | 'gone' | 'unknown'>;
}

/** Loaded when first needed: most taskers serve no durable function. */
export const liveDurableCallbacks = (): DurableCallbacks => {
  let loading: Promise<DurableCallbacks> | undefined;
  const load = async () => {
    const { durableCallbacks, liveLambdaClient } = await import('./lambda-callbacks.ts');
    return durableCallbacks(liveLambdaClient());
  };
  return {
    answer: async (callbackId, result) => await (await (loading ??= load())).answer(callbackId, result),
    beat: async (callbackId) => await (await (loading ??= load())).beat(callbackId),
  };
};
