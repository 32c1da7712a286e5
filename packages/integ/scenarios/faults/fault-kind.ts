import type { Fault } from '@sfn-redshift/local';

/** One thing that goes wrong on AWS now and then. */
export interface FaultKind {
  /** What happens, in the present tense. */
  readonly name: string;
  readonly faults: readonly Fault[];
  /** It can happen only to scenarios in which this happens: a function calls that operation, or an event comes of that source. */
  readonly befalls: string;
  /** What it does to an operation, where others do the same to others. */
  readonly effect?: string;
  /**
   * Minutes that pass before, so that what functions keep for a while has expired.
   *
   * @default 0
   */
  readonly afterMinutes?: number;
  /**
   * Whether it costs seconds of wall time: what hangs is given up after some.
   *
   * @default false
   */
  readonly isSlow?: boolean;
  /**
   * Whether it is what becomes of requests that nobody repeats.
   *
   * @default false
   */
  readonly isOfUnrepeated?: boolean;
}
