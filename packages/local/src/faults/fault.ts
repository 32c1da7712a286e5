import type { ServiceName } from '../common/service.ts';

/** The whole text, or a pattern that is found in it. */
export type TextMatch = string | RegExp;

/** Which of the matches are hit; all of them where nothing is said. */
interface Selection {
  /**
   * Letters, digits, `-`, `_`, `.`; part of what decides by chance, so that a fault keeps its choices when others come before it.
   *
   * @default `fault-1`, `fault-2`, … in the order in which they are given
   */
  readonly id?: string;
  /**
   * The match with which it begins, counted from 1.
   *
   * @default 1
   */
  readonly nth?: number;
  /**
   * Matches that it hits.
   *
   * @default 1 with `nth`, else any number
   */
  readonly uses?: number;
  /**
   * The part of the matches that is hit, above 0 and up to 1, decided by the stage's seed, the fault's id and the count of its matches.
   *
   * @default 1
   */
  readonly probability?: number;
}

/** What befalls calls, over HTTP or inside the stage, that the caller is permitted to make. */
export interface CallFault extends Selection {
  readonly on: 'call';
  /** @default any */
  readonly service?: ServiceName;
  /** The API's own name, such as `SendTaskSuccess`. */
  readonly operation?: TextMatch;
  /**
   * Name or ARN of a function (for what its code calls), of a role or of a state machine; or the ARN by which the caller goes.
   *
   * @default any
   */
  readonly caller?: TextMatch;
  /**
   * `before`: the call has no effect. `after`: it has, and the caller does not learn it. `answered`, for kill: the answer is sent first.
   *
   * @default before
   */
  readonly when?: 'before' | 'after' | 'answered';
  /**
   * - `fail`: with `error`
   * - `throttle`, `serverError`: as the service itself would
   * - `disconnect`: the connection is closed without an answer
   * - `hang`: no answer comes for as long as the caller waits
   * - `delay`: by `delayMs`
   * - `kill`: the function whose code makes the call dies; calls of others do not match
   */
  readonly do: (typeof CALL_ACTIONS)[number];
  /** The exception's name. */
  readonly error?: string;
  /**
   * HTTP status of the error, 400 to 599.
   *
   * @default 400 for fail
   */
  readonly status?: number;
  readonly message?: string;
  /** Milliseconds of the stage's clock. */
  readonly delayMs?: number;
}

/** What befalls something on its way. */
interface TransitFault extends Selection {
  /**
   * - `drop`: it never comes
   * - `duplicate`: it comes `copies` times more
   * - `delay`: it comes `delayMs` later
   * - `reorder`: it comes after the `behind` next matches, or is shuffled with the others of a `window`
   */
  readonly do: (typeof TRANSIT_ACTIONS)[number];
  /** @default 1 */
  readonly copies?: number;
  /** Milliseconds of the stage's clock. */
  readonly delayMs?: number;
  /**
   * Matches that pass before one that is held.
   *
   * @default 1, unless there is a `window`
   */
  readonly behind?: number;
  /** How many are collected, to go on in an order that the stage's seed decides; 2 or more. */
  readonly window?: number;
  /**
   * How long one is held for others that do not come, in milliseconds of the stage's clock.
   *
   * @default 60000
   */
  readonly holdMs?: number;
}

/** What befalls events of EventBridge. */
export interface EventFault extends TransitFault {
  readonly on: 'event';
  /**
   * An event pattern, as rules have.
   *
   * @default every event
   */
  readonly pattern?: Readonly<Record<string, unknown>>;
  /**
   * Name of the rule for whose targets alone it happens, for each target by itself.
   *
   * @default it happens to the event, for all rules alike
   */
  readonly rule?: TextMatch;
}

/** What befalls messages of SQS when a consumer receives them. */
export interface MessageFault extends TransitFault {
  readonly on: 'message';
  /**
   * Name of the queue.
   *
   * @default any
   */
  readonly queue?: TextMatch;
  /** @default any */
  readonly body?: TextMatch;
}

export type Fault = CallFault | EventFault | MessageFault;

export const CALL_ACTIONS = ['fail', 'throttle', 'serverError', 'disconnect', 'hang', 'delay', 'kill'] as const;
export const TRANSIT_ACTIONS = ['drop', 'duplicate', 'delay', 'reorder'] as const;
