/** What a case says of the states language, and how it is shown. */
export interface Case {
  readonly name: string;
  /** Where it is said: a section of the specification, a page of the Developer Guide, a recorded history. */
  readonly source: string;
  readonly machine: Definition;
  /** `{}` by default. */
  readonly input?: unknown;
  /** What functions answer, invocation by invocation; the last answer repeats. `fn` echoes its payload unless said otherwise. */
  readonly functions?: Readonly<Record<string, readonly Answer[]>>;
  /** What happens while the execution runs, in this order. */
  readonly steps?: readonly Step[];
  readonly expect: Expectation;
}

export type Definition = Readonly<Record<string, unknown>>;

export type Answer =
  | { readonly kind: 'returns'; readonly value: unknown }
  | { readonly kind: 'throws'; readonly error: string; readonly message: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'echoes' }
  | { readonly kind: 'hangs' };

export type Step =
  /** Something waits for so long; the clock is moved on by as much. */
  | { readonly kind: 'waits'; readonly seconds: number }
  /** A call with the token that the `n`-th invocation brought, counted from 1; `refusal` is the exception that it meets. */
  | {
      readonly kind: 'calls';
      readonly call: 'SendTaskSuccess' | 'SendTaskFailure' | 'SendTaskHeartbeat';
      readonly n: number;
      readonly input: Readonly<Record<string, unknown>>;
      readonly refusal: string | undefined;
    }
  | { readonly kind: 'stops'; readonly error: string; readonly cause: string };

export type Expectation =
  /** InvalidDefinition, in whose message all of these stand. */
  | { readonly refused: readonly string[] }
  | {
      readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
      readonly output?: unknown;
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
      readonly causeContains?: string | undefined;
      /** Types of all events, in their order. */
      readonly events?: readonly string[];
      /** Events among those of the history, with some of their details. */
      readonly history?: readonly Readonly<Record<string, unknown>>[];
      /** What the functions were given, invocation by invocation. */
      readonly payloads?: readonly unknown[];
    };

const page = (title: string) => `Developer Guide, "${title}"`;

/** The Amazon States Language specification (states-language.net), by section. */
export const spec = (section: string) => `Amazon States Language, "${section}"`;
/** A history that localstack/localstack recorded on AWS, by test. */
export const recorded = (test: string) => `history recorded on AWS, localstack/localstack ${test}`;

export const GUIDE = {
  callbacks: page('Discover service integration patterns in Step Functions'),
  choice: page('Choice workflow state'),
  context: page('Accessing execution data from the Context object in Step Functions'),
  errors: page('Handling errors in Step Functions workflows'),
  fail: page('Fail workflow state'),
  intrinsics: page('Intrinsic functions for JSONPath states in Step Functions'),
  jsonata: page('Transforming data with JSONata in Step Functions'),
  lambda: page('Invoke an AWS Lambda function with Step Functions'),
  map: page('Map workflow state'),
  parallel: page('Parallel workflow state'),
  pass: page('Pass workflow state'),
  paths: page('Processing input and output in Step Functions'),
  quotas: page('Step Functions service quotas'),
  succeed: page('Succeed workflow state'),
  task: page('Task workflow state'),
  variables: page('Passing data between states with variables'),
  wait: page('Wait workflow state'),
} as const;

export const returns = (value: unknown): Answer => ({ kind: 'returns', value });
export const throws = (error: string, message = 'no'): Answer => ({ kind: 'throws', error, message });
export const refusedCall = (code: string, message = 'no'): Answer => ({ kind: 'refused', code, message });
export const echoes = (): Answer => ({ kind: 'echoes' });
export const hangs = (): Answer => ({ kind: 'hangs' });

export const waits = (seconds: number): Step => ({ kind: 'waits', seconds });
export const succeeds = (n: number, output: unknown, refusal?: string): Step =>
  succeedsWithText(n, JSON.stringify(output), refusal);
/** As it is, JSON or not. */
export const succeedsWithText = (n: number, output: string, refusal?: string): Step => ({
  kind: 'calls',
  call: 'SendTaskSuccess',
  n,
  input: { output },
  refusal,
});
export const fails = (n: number, input: { error?: string; cause?: string }, refusal?: string): Step => ({
  kind: 'calls',
  call: 'SendTaskFailure',
  n,
  input,
  refusal,
});
export const beats = (n: number, refusal?: string): Step => ({
  kind: 'calls',
  call: 'SendTaskHeartbeat',
  n,
  input: {},
  refusal,
});
export const stops = (error: string, cause: string): Step => ({ kind: 'stops', error, cause });

export const ends = (output: unknown): Expectation => ({ status: 'SUCCEEDED', output });
export const failed = (error: string, causeContains?: string): Expectation => ({
  status: 'FAILED',
  error,
  causeContains,
});
export const refused = (...texts: readonly string[]): Expectation => ({ refused: texts });
