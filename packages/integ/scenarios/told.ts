/** How an execution ended. */
export interface Ended {
  readonly executionArn: string;
  readonly status: string;
  /** Of one that succeeded, else undefined. */
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** What the invoker answered a caller that waited for it. */
export interface Answer {
  /** Name of the error, if it is one. */
  readonly error: string | undefined;
  readonly message: string | undefined;
  /** Otherwise the answer. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What became known to those who asked. */
export interface Told {
  readonly executions: readonly Ended[];
  readonly answers: readonly Answer[];
}
