import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { isDurableExecution } from './durable-callback.ts';
import { type StatementDetails, StatementFailed, startMessage, statementFailureOf } from './durable-failure.ts';
import type { ExecutionMode } from './start-request.ts';
import type { RequestFields } from './task-request-fields.ts';

export { type StatementDetails, StatementFailed, statementFailureOf };

/** What a durable function asks of a tasker: the fields of a request that starts a statement, or a batch. `errors` is `cause` unless said otherwise. */
export type DurableStatement = Pick<
  RequestFields,
  | 'action'
  | 'parameters'
  | 'result'
  | 'check'
  | 'errors'
  | 'heartbeatSeconds'
  | 'maxRuntimeSeconds'
  | 'onTimeout'
  | 'lock'
  | 'idempotencyKey'
  | 'session'
  | 'executionArn'
> &
  (
    | { readonly sqlStatement: string }
    | { readonly sqlStatements: readonly string[]; readonly executionMode?: ExecutionMode }
  );

/** What the callback is told when the statement has finished: the same as the output of a task. */
export interface StatementOutput {
  readonly detail: {
    readonly statementId: string;
    readonly statementName: string;
    readonly state: 'FINISHED';
    /** -1 where the statement has none to count. */
    readonly rows: number;
    readonly redshiftQueryId: number;
  };
  readonly time: string;
  readonly [more: string]: unknown;
}

/** Time as the durable functions' SDK takes it. */
type Duration = { readonly hours: number } | { readonly minutes: number } | { readonly seconds: number };

interface CallbackConfig {
  readonly timeout: Duration;
  readonly heartbeatTimeout?: Duration;
  readonly serdes: typeof statementOutput;
  readonly retryStrategy: typeof retryStart;
}

/** Of the context of a durable function (@aws/durable-execution-sdk-js, 2), what is needed here. */
export interface StatementContext {
  readonly executionContext: { readonly durableExecutionArn: string };
  waitForCallback<T>(
    name: string,
    submitter: (callbackId: string) => Promise<void>,
    config: CallbackConfig,
  ): PromiseLike<T>;
}

export interface WaitOptions {
  /** Name or ARN of the tasker's invoker. */
  readonly invoker: string;
  /**
   * How long the callback waits. A statement ends within 24 hours, and is reported within minutes.
   *
   * @default 25 hours
   */
  readonly timeout?: Duration;
  /**
   * Invokes the invoker.
   *
   * @default - one with the settings of the environment
   */
  readonly client?: LambdaClient;
}

/**
 * Runs a statement in a durable function: starts it, suspends, and gives its output when it has finished.
 * @param name of the step; unique among those that wait at the same time
 * @throws StatementFailed, by the name of the error: that of Redshift's end state, or of the start that was refused or failed;
 * what the SDK throws, such as its CallbackTimeoutError, where no statement failed
 */
export const waitForStatement = async (
  context: StatementContext,
  name: string,
  statement: DurableStatement,
  { invoker, timeout = { hours: 25 }, client }: WaitOptions,
): Promise<StatementOutput> => {
  const { durableExecutionArn } = context.executionContext;
  // A local runner of tests has no such ARN.
  const executionArn = isDurableExecution(durableExecutionArn) ? { executionArn: durableExecutionArn } : {};
  const { heartbeatSeconds } = statement;
  try {
    return await context.waitForCallback<StatementOutput>(
      name,
      statementSubmitter({ ...executionArn, ...statement }, invoker, client),
      {
        timeout,
        ...(heartbeatSeconds !== undefined && { heartbeatTimeout: { seconds: heartbeatSeconds } }),
        serdes: statementOutput,
        retryStrategy: retryStart,
      },
    );
  } catch (error) {
    throw statementFailureOf(error) ?? error;
  }
};

let sharedClient: LambdaClient | undefined;

/**
 * The submitter alone, for `context.waitForCallback`: starts the statement, whose end completes the callback. Repeating it
 * starts nothing more.
 * @throws Error under the name of the invoker's error, or of that of invoking it; its message begins with the name, too
 */
export const statementSubmitter =
  (statement: DurableStatement, invoker: string, client = (sharedClient ??= new LambdaClient())) =>
  async (callbackId: string): Promise<void> => {
    const action = 'sqlStatements' in statement ? 'batchExecuteStatement' : 'executeStatement';
    const payload = { action, errors: 'cause', ...statement, durableCallbackId: callbackId };
    const output = await client
      .send(new InvokeCommand({ FunctionName: invoker, Payload: Buffer.from(JSON.stringify(payload)) }))
      .catch((error: unknown) => {
        throw notInvoked(error);
      });
    if (output.FunctionError !== undefined) throw startFailed(output);
  };

/** For `serdes` of `waitForCallback`, which else hands over the text: the output of a statement. */
export const statementOutput = {
  deserialize: (text: string | undefined): Promise<StatementOutput | undefined> =>
    Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as StatementOutput)),
};

/** Errors of a start that the same request would meet again. */
const FINAL: readonly string[] = ['InvalidRequest', 'StartUncertain', 'ValidationException', 'AccessDeniedException'];
const MOST_STARTS = 6;

/** For `retryStrategy` of `waitForCallback`: starts again what may start later, with growing pauses. */
export const retryStart = (
  { name }: Error,
  attempt: number,
): { readonly shouldRetry: boolean; readonly delay: { readonly seconds: number } } => ({
  shouldRetry: attempt < MOST_STARTS && !FINAL.includes(name),
  delay: { seconds: 2 ** attempt },
});

const startFailed = ({ Payload, FunctionError }: InvokeCommandOutput): Error => {
  const { errorType, errorMessage } = errorIn(Payload);
  return startError(errorType ?? FunctionError ?? 'Error', errorMessage ?? 'the invoker failed');
};

const notInvoked = (error: unknown): Error =>
  error instanceof Error ? startError(error.name, error.message, error) : startError('Error', String(error));

const startError = (name: string, message: string, cause?: Error): Error =>
  Object.assign(new Error(startMessage(name, message), { cause }), { name });

const errorIn = (payload: Uint8Array | undefined): { readonly errorType?: string; readonly errorMessage?: string } => {
  try {
    return JSON.parse(Buffer.from(payload ?? []).toString()) as object;
  } catch {
    return {};
  }
};
