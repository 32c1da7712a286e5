import type { Json } from '../data/json.ts';

export const QUERY_LANGUAGES = ['JSONPath', 'JSONata'] as const;
export type QueryLanguage = (typeof QUERY_LANGUAGES)[number];

/** A text in JSONata states may be an expression, `{% … %}`, and so may what is a number otherwise. */
type Expression = string;

/**
 * How data flows through a state, in its query language: no state has all of these.
 * `null` for a path stands for an empty object; for `ResultPath` it throws the result away.
 */
export interface DataFields {
  /** Of the state or else of its machine; always there once the definition has been parsed. */
  readonly QueryLanguage?: QueryLanguage;
  readonly Assign?: Json;
  readonly InputPath?: string | null;
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly ItemsPath?: string;
  readonly Arguments?: Json;
  readonly Output?: Json;
  readonly Items?: Json;
  readonly Seconds?: number | Expression;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
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
  readonly Output?: Json;
  readonly Assign?: Json;
}

export interface ErrorHandling {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends DataFields, Onward {
  readonly Type: 'Pass';
  readonly Result?: Json;
}

export interface TaskState extends DataFields, Onward, ErrorHandling {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Credentials?: Json;
  readonly TimeoutSeconds?: number | Expression;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number | Expression;
  readonly HeartbeatSecondsPath?: string;
}

export interface ParallelState extends DataFields, Onward, ErrorHandling {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateGroup[];
}

/** What a Map state does with each of its items. */
export interface ItemProcessor extends StateGroup {
  readonly ProcessorConfig?: {
    /** @default 'INLINE' */
    readonly Mode?: 'INLINE' | 'DISTRIBUTED';
    readonly ExecutionType?: 'STANDARD' | 'EXPRESS';
  };
}

export interface MapState extends DataFields, Onward, ErrorHandling {
  readonly Type: 'Map';
  readonly ItemProcessor?: ItemProcessor;
  /** Its former name. */
  readonly Iterator?: ItemProcessor;
  /** These are for Map states in mode `DISTRIBUTED`. */
  readonly Label?: string;
  readonly ItemBatcher?: Json;
}

/** The validator sees to it that there is one. */
export const processorOf = ({ ItemProcessor, Iterator }: MapState): ItemProcessor => {
  const processor = ItemProcessor ?? Iterator;
  if (!processor) throw new TypeError('A Map state has no ItemProcessor.');
  return processor;
};

/** In JSONPath a rule's comparison stands under the operator's name, such as `StringEquals`; in JSONata it is `Condition`. */
export interface ChoiceRule {
  readonly Next?: string;
  readonly Assign?: Json;
  readonly Output?: Json;
  readonly Condition?: boolean | Expression;
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  readonly Not?: ChoiceRule;
  readonly Variable?: string;
  readonly [operator: string]: unknown;
}

export interface ChoiceState extends DataFields {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitState extends DataFields, Onward {
  readonly Type: 'Wait';
}

export interface SucceedState extends DataFields {
  readonly Type: 'Succeed';
}

export interface FailState extends DataFields {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export type State =
  | PassState
  | TaskState
  | ParallelState
  | MapState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState;

/** States that lead to each other: a machine's, or a branch's. */
export interface StateGroup {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface MachineDefinition extends StateGroup {
  readonly QueryLanguage?: QueryLanguage;
  /** Of the whole execution. */
  readonly TimeoutSeconds?: number;
}
