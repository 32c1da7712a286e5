/** What a sandbox's thread is started with, besides its environment. */
export interface SandboxData {
  readonly taskRoot: string;
  /** `file.export`, as the function is configured. */
  readonly handler: string;
  /** Milliseconds that the stage's clock is ahead of wall time, kept current by the clock itself. */
  readonly clockOffset: SharedArrayBuffer;
}

export interface InvokeMessage {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** When the function's time is up, in epoch milliseconds of the stage's clock. */
  readonly deadline: number;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  readonly clientContext?: unknown;
}

/** The payload of an invocation that failed, as the Node runtime reports it. */
export interface FunctionErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type SandboxMessage =
  | { readonly type: 'ready' }
  /** The runtime cannot go on after this one: nothing could be loaded, or nobody caught an error. */
  | { readonly type: 'broken'; readonly error: FunctionErrorPayload }
  | { readonly type: 'output'; readonly time: number; readonly text: string }
  | { readonly type: 'result'; readonly payload: string; readonly memoryUsedMb: number }
  | { readonly type: 'error'; readonly error: FunctionErrorPayload; readonly memoryUsedMb: number };
