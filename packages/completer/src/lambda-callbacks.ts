import {
  type ErrorObject,
  LambdaClient,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { awsFailureOf, callbackRefusalOf, type TaskResult } from '@sfn-redshift/shared';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import type { DurableCallbacks } from './durable-callbacks.ts';

/**
 * Answers after which no repetition helps: the callback has timed out or was answered, or it is not there any more (Lambda
 * API reference). It is created before its id is told, so what is not found will not be found later.
 */
const GONE = ['CallbackTimeoutException', 'ResourceNotFoundException'];

export const liveLambdaClient = (): LambdaClient => new LambdaClient({ requestHandler: CLIENT_TIMEOUTS });

export const durableCallbacks = (client: LambdaClient): DurableCallbacks => ({
  answer: async (callbackId, result) => {
    try {
      await send(client, callbackId, result);
      return { type: 'delivered' };
    } catch (error) {
      const { name } = awsFailureOf(error);
      if (GONE.includes(name)) return { type: 'gone', reason: name };
      if (name !== 'InvalidParameterValueException') throw error;
      // Of the output, or of the id: a failure that is not taken either tells which.
      return result.type === 'success' ? { type: 'invalidOutput' } : { type: 'gone', reason: name };
    }
  },
  beat: async (callbackId) => {
    try {
      await client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId: callbackId }));
      return 'waits';
    } catch (error) {
      const refusal = callbackRefusalOf(awsFailureOf(error));
      if (refusal === undefined) throw error;
      return refusal;
    }
  },
});

const send = async (client: LambdaClient, CallbackId: string, result: TaskResult): Promise<void> => {
  if (result.type === 'success') {
    const Result = new TextEncoder().encode(JSON.stringify(result.output));
    await client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }));
  } else {
    await client.send(new SendDurableExecutionCallbackFailureCommand({ CallbackId, Error: errorOf(result) }));
  }
};

/**
 * The error as Lambda hands it over. Its name stands in the data, too: once an execution is replayed, the JavaScript SDK
 * has its own name in place of the error's.
 */
const errorOf = ({ error, cause }: Extract<TaskResult, { type: 'failure' }>): ErrorObject => {
  const told = detailsIn(cause);
  const { message } = told;
  return {
    ErrorType: error,
    ErrorMessage: typeof message === 'string' ? message : cause,
    ErrorData: JSON.stringify({ error, ...told }),
  };
};

/** A cause is JSON where there is more to tell than a text. */
const detailsIn = (cause: string): Readonly<Record<string, unknown>> => {
  try {
    const told: unknown = JSON.parse(cause);
    if (typeof told === 'object' && told !== null && !Array.isArray(told)) return { ...told };
  } catch {
    // A text.
  }
  return { message: cause };
};
