import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner, type TestResult, WaitingOperationStatus } from '@aws/durable-execution-sdk-js-testing';
import type { DurableError, LocalStage } from '@sfn-redshift/local';

/** The one name under which the tests' durable functions wait for a statement. */
export const STATEMENT = 'statement';

/** What the callback has heard, in order. */
export interface Heard {
  readonly what: 'succeed' | 'fail' | 'heartbeat';
  readonly callbackId: string;
  readonly text?: string | undefined;
}

export interface DurableRun<T> {
  readonly result: Promise<TestResult<T>>;
  readonly heard: readonly Heard[];
  /** The id of its callback, once it has been submitted. */
  readonly submitted: () => Promise<string>;
  /** Ends its callback as the runner's own time-out would. */
  readonly fail: () => Promise<unknown>;
  readonly close: () => void;
}

/** Runs a durable function by the SDK's own runner; what the stage's functions send to its callback reaches it. */
export const runDurable = <T>(stage: LocalStage, work: (context: DurableContext) => Promise<T>): DurableRun<T> => {
  const runner = new LocalDurableTestRunner<T>({
    handlerFunction: withDurableExecution((_event: unknown, context: DurableContext) => work(context)),
  });
  const heard: Heard[] = [];
  const operation = runner.getOperation(STATEMENT);
  // Asked for before it is: the runner tells of it only then.
  const submitting = operation.waitForData(WaitingOperationStatus.SUBMITTED);
  submitting.catch(() => undefined);
  const submitted = async () => {
    await submitting;
    return String(operation.getCallbackDetails()?.callbackId);
  };
  const stop = stage.durableCallbacks.serve({
    functionName: 'nightly',
    succeed: async (callbackId, text) => {
      heard.push({ what: 'succeed', callbackId, text });
      await submitted();
      await operation.sendCallbackSuccess(text);
    },
    fail: async (callbackId, error) => {
      heard.push({ what: 'fail', callbackId, text: error.ErrorData });
      await submitted();
      await operation.sendCallbackFailure(mutable(error));
    },
    heartbeat: async (callbackId) => {
      heard.push({ what: 'heartbeat', callbackId });
      await operation.sendCallbackHeartbeat();
    },
  });
  const result = runner.run();
  return { result, heard, submitted, fail: () => operation.sendCallbackFailure({}), close: stop };
};

const mutable = ({ StackTrace, ...error }: DurableError) => ({
  ...error,
  ...(StackTrace && { StackTrace: [...StackTrace] }),
});
