import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { createContext } from './context.ts';
import { type Handler, loadHandler } from './load-handler.ts';
import { lineOf } from './log-line.ts';
import { captureOutput } from './output.ts';
import type { FunctionErrorPayload, InvokeMessage, SandboxData, SandboxMessage } from './protocol.ts';
import { routeHosts } from './route-hosts.ts';
import { RuntimeError, toErrorPayload } from './runtime-errors.ts';
import { followStageTime } from './stage-time.ts';

/** One sandbox of one function: loads the handler once, then runs one invocation at a time until it is terminated. */

const data = workerData as SandboxData;
const post = (message: SandboxMessage): void => parentPort?.postMessage(message);
let current: InvokeMessage | undefined;
let mostMemoryMb = 0;

const main = async (): Promise<void> => {
  process.cwd = () => data.taskRoot;
  followStageTime(data.clockOffset);
  routeHosts(process.env.AWS_ENDPOINT_URL ?? '');
  captureOutput(write, () => current?.requestId);
  process.on('uncaughtException', (error) => breakDown('Uncaught Exception', error));
  process.on('unhandledRejection', (reason) => breakDown('Unhandled Promise Rejection', asRejection(reason)));
  const handler = await loadHandler(data.taskRoot, data.handler);
  parentPort?.on('message', (message: InvokeMessage) => void run(handler, message));
  post({ type: 'ready' });
};

const write = (text: string): void => post({ type: 'output', time: Date.now(), text });

const run = async (handler: Handler, invoke: InvokeMessage): Promise<void> => {
  current = invoke;
  process.env._X_AMZN_TRACE_ID = invoke.traceId;
  try {
    const result: unknown = await handler(JSON.parse(invoke.payload), createContext(invoke));
    post({ type: 'result', payload: stringify(result), memoryUsedMb: memoryUsedMb() });
  } catch (thrown) {
    const error = toErrorPayload(thrown);
    write(errorLine('Invoke Error', invoke.requestId, error));
    post({ type: 'error', error, memoryUsedMb: memoryUsedMb() });
  }
};

/** In the format JSON the object itself, without the title. */
const errorLine = (title: string, requestId: string | undefined, error: FunctionErrorPayload): string =>
  process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON'
    ? lineOf('ERROR', requestId, [error])
    : lineOf('ERROR', requestId, [title, JSON.stringify(error)]);

/** `undefined`, which is no JSON, becomes null. */
const stringify = (result: unknown): string => {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    throw new RuntimeError('Runtime.MarshalError', `Unable to stringify response body: ${String(cause)}`);
  }
};

/** The most that was seen so far, as Lambda counts it by sandbox. */
const memoryUsedMb = (): number => {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  mostMemoryMb = Math.max(mostMemoryMb, Math.ceil((heap + external) / 2 ** 20));
  return mostMemoryMb;
};

const asRejection = (reason: unknown): Error => {
  const error = new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason));
  if (reason instanceof Error && reason.stack) error.stack = `${error.name}: ${error.message}\n${reason.stack}`;
  return error;
};

/** The runtime ends after an error that nobody caught; the next invocation gets a new sandbox. */
const breakDown = (title: string, thrown: unknown): void => {
  const error = toErrorPayload(thrown);
  write(errorLine(title, current?.requestId, error));
  post({ type: 'broken', error });
  process.exit(1);
};

await main().catch((thrown: unknown) => breakDown('Uncaught Exception', thrown));
