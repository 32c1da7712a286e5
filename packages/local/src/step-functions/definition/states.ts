import type { Json } from '../data/json.ts';

/** `null` for a path stands for an empty object; for `ResultPath` it throws the result away. */
interface Paths {
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}

interface Results {
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
}

interface Onward {
  readonly Next?: string;
  readonly End?: boolean;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  /** @default 1 */
  readonly IntervalSeconds?: number;
  /** @default 3 */
  readonly MaxAttempts?: number;
  /** @default 2 */
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  /** @default 'NONE' */
  readonly JitterStrategy?: 'NONE' | 'FULL';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

interface ErrorHandling {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends Paths, Onward, Pick<Results, 'ResultPath'> {
  readonly Type: 'Pass';
  readonly Result?: Json;
  readonly Parameters?: Json;
}

export interface TaskState extends Paths, Onward, Results, ErrorHandling {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters?: Json;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
}

export interface ParallelState extends Paths, Onward, Results, ErrorHandling {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateGroup[];
  readonly Parameters?: Json;
}

/** A rule's comparison stands under the operator's name, such as `StringEquals`. */
export interface ChoiceRule {
  readonly Next?: string;
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  readonly Not?: ChoiceRule;
  readonly Variable?: string;
  readonly [operator: string]: unknown;
}

export interface ChoiceState extends Paths {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitState extends Paths, Onward {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface SucceedState extends Paths {
  readonly Type: 'Succeed';
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export type State = PassState | TaskState | ParallelState | ChoiceState | WaitState | SucceedState | FailState;

/** States that lead to each other: a machine's, or a branch's. */
export interface StateGroup {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface MachineDefinition extends StateGroup {
  /** Of the whole execution. */
  readonly TimeoutSeconds?: number;
}
