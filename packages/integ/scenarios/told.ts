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

/** What came of creating, updating or deleting a stack. */
export interface StackEnd {
  /** Why that failed, and was rolled back; undefined where it did not. */
  readonly failure: string | undefined;
  /** What the stack tells since; nothing where it failed, or is deleted. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** What became known to those who asked, each in order. */
export interface Told {
  readonly executions: readonly Ended[];
  readonly answers: readonly Answer[];
  readonly stacks: readonly StackEnd[];
}
