import type { Duration } from 'aws-cdk-lib';
import type { RedshiftLock } from './redshift-lock';
import type { RedshiftSession } from './redshift-session';
import type { ITaskerTarget } from './tasker-target';

/** What becomes of a statement whose state waited for it, and waits no more. */
export enum OnTimeout {
  /** It is cancelled. */
  CANCEL = 'cancel',

  /** It runs on. */
  LEAVE = 'leave',
}

/** What a retry of a state does with the statement that the attempt before it has left running. */
export enum OnRetry {
  /** It waits for that statement, or is given its outcome. */
  ADOPT = 'adopt',

  /** It cancels that statement and starts a new one. */
  RESTART = 'restart',
}

/** Options of all task states of a tasker. */
export interface RedshiftTaskOptions {
  /**
   * Whether the state repeats what Lambda or a service behind the invoker answers when something of its own went wrong or it is
   * asked too often, and what another attempt still holds up (`StartInProgress`). No repeat starts a statement twice. Of these
   * errors a `Retry` of your own hears only when it is switched off.
   *
   * @default true
   */
  readonly retryOnServiceExceptions?: boolean;
}

/** Options of task states that start statements. */
export interface RedshiftStartOptions extends RedshiftTaskOptions {
  /**
   * Values for the `:name` placeholders of the SQL: text, numbers, booleans, or expressions in the query language of the state.
   * Redshift takes them where a value may stand, never for names. It has no form for NULL or empty text.
   *
   * All of them can come from the state's input: by `JsonPath.objectAt('$.parameters')`, or in JSONata by
   * `'{% $states.input.parameters %}'`.
   *
   * @default - no parameters
   */
  // Values by name, `JsonPath.objectAt()` or text: jsii has no narrower type that all of them fit into.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly parameters?: any;

  /**
   * The name of the state to those who ask for its statement (`RedshiftStatement.latestOfState()`) and in Redshift's query history. In a
   * Map it can tell iterations apart: `ItemSelector` of the Map puts `$$.Map.Item.Index`, or what the item is called, into their
   * input. A retry adopts only what was started under the same name. 1 to 256 characters, or an expression in the query language
   * of the state.
   *
   * @default - the name of the state
   */
  readonly attemptName?: string;

  /**
   * Requests of this tasker with the same key share one statement and its outcome, whatever it was, for as long as the tasker
   * keeps its row. 1 to 256 characters, or an expression in the query language of the state.
   *
   * @default - each attempt of the state that does not adopt a statement starts its own
   */
  readonly idempotencyKey?: string;

  /**
   * Lets one statement at a time run of those that have the same lock.
   *
   * @default - no lock
   */
  readonly lock?: RedshiftLock;

  /**
   * The database session that the statement runs in: a new one, for states after it to use, or one that another state has opened.
   *
   * @default - a session of its own, which ends with the statement
   */
  readonly session?: RedshiftSession;

  /**
   * What becomes of the statement when the state times out, or its execution ends, before it has ended. Only for states that wait: what
   * nobody has waited for runs on, whatever becomes of the execution.
   *
   * @default OnTimeout.CANCEL
   */
  readonly onTimeout?: OnTimeout;

  /**
   * What a retry of the state does with the statement that the attempt before it has left running. Only for states that wait.
   *
   * @default OnRetry.ADOPT
   */
  readonly onRetry?: OnRetry;

  /**
   * The statement is cancelled when it has run for so long, counted from its start: up to two intervals of the sweep late.
   * From 1 second to 24 hours. The sweep must be on (`sweep.enabled`).
   *
   * @default - the Data API's own limit, 24 hours
   */
  readonly maxRuntime?: Duration;
}

/** Whose task state it is. */
export interface RedshiftTaskBinding {
  /** The tasker, or one of its further targets: where the state's statements run. */
  readonly tasker: ITaskerTarget;
}
