import type { DataCheck, ResultForm } from '@sfn-redshift/shared';

/**
 * One schedule: all the choices that the model account and its adversary make. Plain JSON, so that one which failed can be
 * kept and replayed. What is empty, zero or absent is what happens on a good day; shrinking goes there.
 */
export interface Schedule {
  readonly tasks: readonly TaskPlan[];
  readonly faults: readonly Fault[];
  readonly messages: readonly StrayMessage[];
  /** How far the clock of a function is ahead of the account's; milliseconds. */
  readonly skewMs: Readonly<Record<FunctionName, number>>;
  /** 0: every call takes the same time. Otherwise the seed of how long each takes, and so of who comes first. */
  readonly latencySeed: number;
  /** Two runs of the sweep at once, each time. */
  readonly overlappingSweeps: boolean;
  /** The sweep's schedule is switched off: what is lost stays lost. */
  readonly isSweepOff: boolean;
  readonly retentionDays: number;
  readonly updates: readonly StackUpdate[];
  /** How long after its time DynamoDB deletes a row; up to two days. */
  readonly ttlLagHours: number;
  /** How far the index of what is open lags behind the table; milliseconds. */
  readonly indexLagMs: number;
}

export const FUNCTIONS = ['invoker', 'drain', 'sweep'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** What a task wants of its statement's rows, and how many that gives. */
export interface RowsPlan {
  /** Null: it does not want to have them. */
  readonly form: ResultForm | null;
  /** Null: however many they are. For forms of which there may be many. */
  readonly maxRows: number | null;
  /** In S3; in form `rows`. */
  readonly isStored: boolean;
  /** Null: it expects nothing of them. Not for batches. */
  readonly check: DataCheck | null;
  readonly count: number;
  readonly perPage: number;
  /** Each has megabytes: what goes to S3 goes there in parts. */
  readonly isLarge: boolean;
}

/** Several statements in place of one. Those at even places, from 0, have rows. */
export interface BatchPlan {
  readonly statements: number;
  readonly executionMode: 'TRANSACTION' | 'AUTO_COMMIT';
  /** Where it fails, if it does; or how far it has come when it is aborted. */
  readonly failsAt: number;
}

/** The session of the Data API that a statement runs in. Not for requests that ask for the same work as others. */
export interface SessionPlan {
  /** One of its own; or that which was opened last when the task was entered first, if there is one. */
  readonly does: 'opens' | 'uses';
  /** Null: as it was, or as the tasker has it. */
  readonly keepAliveSeconds: number | null;
  /** Whether the Data API asks if it is free before it looks for the ClientToken. */
  readonly isAskedFirst: boolean;
}

/** A state of a workflow that runs a statement. */
export interface TaskPlan {
  /**
   * With `attempt`, without it (payloads of old), or without a token: nobody waits. `durable`: for a callback of a durable
   * function, which knows it from the start, and of whose executions no event tells.
   */
  readonly mode: 'attempt' | 'legacy' | 'tokenless' | 'durable';
  /** Iteration of a Map: shares execution, state, time of entry and SQL with the others. */
  readonly sibling: boolean;
  /** Asks for the same work as others, under one idempotency key. */
  readonly sharesKey: boolean;
  /** Asks for the lock that others ask for, too. */
  readonly sharesLock: boolean;
  readonly onRetry: 'adopt' | 'restart';
  readonly onTimeout: 'cancel' | 'leave';
  readonly startMs: number;
  /** `async`: Lambda answers at once and repeats a failed invocation twice, after one minute and after two. */
  readonly invocation: 'sync' | 'async';
  /** The same payload again, so many seconds after the first. */
  readonly repeats: readonly number[];
  /** Null: the state waits for ever. */
  readonly timeoutSeconds: number | null;
  /** The state's HeartbeatSeconds, for which the tasker is asked; at least three intervals of the sweep. Null: neither. */
  readonly heartbeatSeconds: number | null;
  /** Null: the statement may run as long as Redshift lets it. */
  readonly maxRuntimeSeconds: number | null;
  /** Null: nobody stops the execution. */
  readonly stopAfterSeconds: number | null;
  readonly retries: number;
  /** Before the first retry; each further one waits twice as long. */
  readonly retryAfterSeconds: number;
  /** Null: the execution is not redriven after it has failed. */
  readonly redriveAfterSeconds: number | null;
  /** One event each, so many seconds after its execution has ended badly. None: the event is lost. */
  readonly executionEvents: readonly number[];
  /** Step Functions does not know the token before that; milliseconds. */
  readonly tokenKnownAfterMs: number;
  /** So many calls of ExecuteStatement are refused for good before one is accepted. */
  readonly refusals: number;
  /** Of its first statement, its second, …; further ones are like the last. */
  readonly lives: readonly Life[];
  /** Null: nobody looks at them. Not for requests without a token: they can have none. */
  readonly rows?: RowsPlan | null;
  /** Null: one statement. */
  readonly batch?: BatchPlan | null;
  /** Null: each statement has one of its own, which ends with it. */
  readonly session?: SessionPlan | null;
}

/** The tasker's stack is deployed anew, otherwise than before. */
export interface StackUpdate {
  readonly afterSeconds: number;
  readonly retentionDays: number;
  readonly invokerTimeoutSeconds: number;
  readonly drainTimeoutSeconds: number;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly hasNewerInvoker: boolean;
}

/** What becomes of a statement. */
export interface Life {
  readonly durationMs: number;
  /** `never`: Redshift aborts it after a day. */
  readonly end: 'FINISHED' | 'FAILED' | 'ABORTED' | 'never';
  /** One completion event each, so many seconds after the end. None: the event is lost. */
  readonly deliveries: readonly number[];
}

export const FAULT_KINDS = [
  /** The invocation dies, before or after the call has taken effect. */
  'crashBefore',
  'crashAfter',
  /** Refused for now; no effect. */
  'throttle',
  /** 500, without and with effect. */
  'errorBefore',
  'errorAfter',
  /** No answer, without and with effect; or the effect comes when nobody waits any more. */
  'timeoutBefore',
  'timeoutAfter',
  'late',
  /** Refused for good; no effect. */
  'denied',
  /** Works, but takes its time. */
  'slow',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Befalls the nth (from 0) request at its place, and the `times - 1` after it. */
export interface Fault {
  /** `drain.GetItem`: who calls what. */
  readonly place: string;
  readonly n: number;
  readonly kind: FaultKind;
  readonly times: number;
  /** For `late` and `slow`. */
  readonly seconds: number;
}

export const STRAY_KINDS = [
  'notJson',
  'notEvent',
  'foreign',
  'unknownItem',
  'nameWithoutKey',
  'malformedRefusal',
  'noEnd',
  'otherStatement',
] as const;

/** Something in the completion queue that no statement's end has put there. */
export interface StrayMessage {
  readonly afterMs: number;
  readonly kind: (typeof STRAY_KINDS)[number];
}
