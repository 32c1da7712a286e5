import type { RequestIdentity } from '../request-identity.ts';
import type { TaskPlan } from '../schedule.ts';
import { sdkError } from '../sdk-error.ts';
import { START } from '../virtual-time.ts';
import type { World } from '../world.ts';

/** How Lambda took an invocation of the invoker; undefined: no answer. */
export type Started = { readonly type: 'answered' } | { readonly type: 'failed' };

/** Invokes the invoker. */
export type Invoke = (payload: object, requestId: string, request: RequestIdentity) => Promise<Started>;

/** What a task was told. */
export type Told =
  | { readonly type: 'success'; readonly output: string }
  | { readonly type: 'failure'; readonly error: string; readonly cause: string };

/** One attempt of a state: it has a token of its own, and ends once. */
export interface Attempt {
  readonly token: string;
  readonly task: TaskPlan;
  readonly index: number;
  readonly request: RequestIdentity;
  readonly retryCount: number;
  readonly redriveCount: number;
  readonly issuedAt: number;
  end?: { readonly by: 'told' | 'timeout' | 'stop' | 'start'; readonly at: number };
}

/** Retry's IntervalSeconds and BackoffRate, and how long Lambda waits before it repeats an asynchronous invocation. */
const RETRY_MS = 2_000;
const ASYNC_RETRIES_MS = [60_000, 120_000];

/** More than any task makes before its execution is redriven. */
const MAX_RETRIES = 1_000;

/** Standard workflows of one task each: tokens, time-outs, retries, stops and redrives. */
export class Workflows {
  readonly attempts: Attempt[] = [];
  readonly #world: World;
  readonly #invoke: Invoke;
  #requests = 0;

  constructor(world: World, invoke: Invoke) {
    this.#world = world;
    this.#invoke = invoke;
  }

  start(): void {
    const { schedule, time } = this.#world;
    schedule.tasks.forEach((task, index) => {
      const startMs = task.sibling ? 0 : task.startMs;
      time.after(startMs, () => (task.mode === 'tokenless' ? this.#call(task, index) : this.#enter(task, index, 0, 0)));
    });
  }

  attemptOf(token: unknown): Attempt | undefined {
    return this.attempts.find((attempt) => attempt.token === token);
  }

  /** A task's answer. @throws as Step Functions does, for a token of no use */
  tell(token: unknown): object {
    this.#end(this.#waiting(token), 'told');
    return {};
  }

  heartbeat(token: unknown): object {
    this.#waiting(token);
    return {};
  }

  #waiting(token: unknown): Attempt {
    const attempt = this.attemptOf(token);
    if (!attempt) throw sdkError('InvalidToken', 'not a token', 400);
    if (this.#world.time.now < attempt.issuedAt + attempt.task.tokenKnownAfterMs) {
      throw sdkError('TaskDoesNotExist', 'no such task', 400);
    }
    if (attempt.end) throw sdkError('TaskTimedOut', 'the task has ended', 400);
    return attempt;
  }

  #enter(task: TaskPlan, index: number, retryCount: number, redriveCount: number): void {
    const { time, trace } = this.#world;
    const token = `canary-token-${index}-${redriveCount}-${retryCount}-${'x'.repeat(60)}`;
    const rank = redriveCount * MAX_RETRIES + retryCount;
    const request = { identity: token, chain: chainOf(task, index, token), rank, task, index };
    const attempt: Attempt = { token, task, index, request, retryCount, redriveCount, issuedAt: time.now };
    this.attempts.push(attempt);
    trace.add('workflow', `task ${index} enters, retry ${retryCount}, redrive ${redriveCount}`);
    if (task.timeoutSeconds !== null) time.after(task.timeoutSeconds * 1000, () => this.#end(attempt, 'timeout'));
    if (task.stopAfterSeconds !== null) time.after(task.stopAfterSeconds * 1000, () => this.#end(attempt, 'stop'));
    this.#callWithToken(attempt);
  }

  #callWithToken(attempt: Attempt): void {
    const { task, request } = attempt;
    const payload = payloadOf(attempt);
    if (task.invocation === 'async') this.#invokeLater(payload, request, this.#nextRequestId());
    else {
      void this.#invoke(payload, this.#nextRequestId(), request).then(({ type }) => {
        if (type === 'failed') this.#end(attempt, 'start');
      });
    }
    this.#repeat(task, () => this.#invoke(payload, this.#nextRequestId(), request));
  }

  /** Nobody waits: Lambda's own repeats carry the same request id. */
  #call(task: TaskPlan, index: number): void {
    const identity = this.#nextRequestId();
    const payload = { sqlStatement: sqlOf(task, index), parameters: PARAMETERS };
    const request = { identity, chain: identity, rank: 0, task, index };
    this.#invokeLater(payload, request, identity);
    this.#repeat(task, () => this.#invoke(payload, identity, request));
  }

  #repeat(task: TaskPlan, again: () => Promise<unknown>): void {
    for (const seconds of task.repeats) this.#world.time.after(seconds * 1000, () => void again());
  }

  #invokeLater(payload: object, request: RequestIdentity, requestId: string, failures = 0): void {
    void this.#invoke(payload, requestId, request).then(({ type }) => {
      const wait = ASYNC_RETRIES_MS[failures];
      if (type === 'answered' || wait === undefined) return;
      this.#world.time.after(wait, () => this.#invokeLater(payload, request, requestId, failures + 1));
    });
  }

  #end(attempt: Attempt, by: NonNullable<Attempt['end']>['by']): void {
    if (attempt.end) return;
    const { time, trace } = this.#world;
    attempt.end = { by, at: time.now };
    const { task, index, retryCount, redriveCount } = attempt;
    trace.add('workflow', `task ${index} ends: ${by}`);
    if (by === 'stop') return;
    if (retryCount < task.retries) {
      time.after(RETRY_MS * 2 ** retryCount, () => this.#enter(task, index, retryCount + 1, redriveCount));
    } else if (task.redriveAfterSeconds !== null && redriveCount === 0) {
      time.after(task.redriveAfterSeconds * 1000, () => this.#enter(task, index, 0, 1));
    }
  }

  #nextRequestId(): string {
    return `request-${++this.#requests}`;
  }
}

const PARAMETERS = { word: 'canary-parameter' };

const sqlOf = ({ sibling }: TaskPlan, index: number): string =>
  `select ${sibling ? 'any' : index} as canary_sql where word = :word`;

/** Without an attempt nobody can tell which tokens belong together. */
const chainOf = (task: TaskPlan, index: number, token: string): string =>
  task.mode === 'attempt' ? sqlOf(task, index) : token;

const payloadOf = ({ token, task, index, retryCount, redriveCount }: Attempt): object => ({
  sqlStatement: sqlOf(task, index),
  parameters: PARAMETERS,
  taskToken: token,
  executionArn: `arn:aws:states:us-east-1:123456789012:execution:nightly:run-${task.sibling ? 'of-a-map' : index}`,
  ...(task.mode === 'attempt' && {
    attempt: {
      state: 'Load',
      enteredTime: new Date(START + (task.sibling ? 0 : task.startMs)).toISOString(),
      retryCount,
      redriveCount,
    },
  }),
});
