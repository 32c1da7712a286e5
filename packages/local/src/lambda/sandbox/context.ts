import type { InvokeMessage } from './protocol.ts';

/** The context object of one invocation; what is constant for a function is read from its environment, as the runtime does. */
export const createContext = (invoke: InvokeMessage): object => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  invokedFunctionArn: invoke.invokedFunctionArn,
  awsRequestId: invoke.requestId,
  ...(invoke.clientContext === undefined ? {} : { clientContext: invoke.clientContext }),
  getRemainingTimeInMillis: () => Math.max(0, Math.round(invoke.deadline - Date.now())),
});
