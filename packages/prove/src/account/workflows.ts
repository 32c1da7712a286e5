import type { RequestIdentity } from '../request-identity.ts';
import type { TaskPlan } from '../schedule.ts';
import { sdkError } from '../sdk-error.ts';
import type { World } from '../world.ts';
import { Execution } from './execution.ts';
import { chainOf, executionArnOf, payloadOf, payloadWithoutTask, tokenFor } from './payload.ts';

/** How Lambda took an invocation of the invoker; undefined: no answer. */
export type Started = { readonly type: 'answered' } | { readonly type: 'failed' };

/** What workflows reach. */
export interface Outside {
  /** Invokes the invoker. */
  invoke(payload: object, requestId: string, request: RequestIdentity): Promise<Started>;
  /** The id of the session that was opened last. */
  newestSession(): string | undefined;
  /** Tells the tasker's rule of an execution that has ended badly. */
  tell(message: object): void;
}

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
  /** When its heartbeat was heard last; at first when it was issued. */
  beatAt: number;
  readonly execution: Execution;
  end?: { readonly by: 'told' | 'timeout' | 'heartbeat' | 'stop' | 'start'; readonly at: number };
}

/** Step Functions' limits; of the output in bytes, of the others in characters. */
const LARGEST_OUTPUT = 262_144;
const LONGEST_ERROR = 256;
const LONGEST_CAUSE = 32_768;

const checkAnswer = (told: Told): void => {
  if (told.type === 'success') {
    if (Buffer.byteLength(told.output) > LARGEST_OUTPUT) throw tooLong('output');
    if (!isJson(told.output)) throw sdkError('InvalidOutput', 'the output is no JSON', 400);
    return;
  }
  if (told.error.length > LONGEST_ERROR) throw tooLong('error');
  if (told.cause.length > LONGEST_CAUSE) throw tooLong('cause');
};

const tooLong = (what: string): Error => sdkError('ValidationException', `the ${what} is too long`, 400);

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const hasEnded = ({ mode }: TaskPlan): Error =>
  mode === 'durable'
    ? sdkError('CallbackTimeoutException', 'the callback has ended', 400)
    : sdkError('TaskTimedOut', 'the task has ended', 400);

/** How long Lambda waits before it repeats an asynchronous invocation. */
const ASYNC_RETRIES_MS = [60_000, 120_000];

/** One that there never was. */
const NO_SESSION = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

/** More than any task makes before its execution is redriven. */
const MAX_RETRIES = 1_000;

/** Standard workflows, and durable functions with their callbacks: tokens, time-outs, retries, stops and redrives. */
export class Workflows {
  readonly attempts: Attempt[] = [];
  readonly #world: World;
  readonly #outside: Outside;
  readonly #executions = new Map<string, Execution>();
  /** Which session a task uses, by its index: a retry uses the same. */
  readonly #sessions = new Map<number, string>();
  #requests = 0;

  constructor(world: World, outside: Outside) {
    this.#world = world;
    this.#outside = outside;
  }

  start(): void {
    const { schedule, time } = this.#world;
    const waiting = new Map<string, Map<number, TaskPlan>>();
    for (const [index, task] of schedule.tasks.entries()) {
      if (task.mode === 'tokenless') time.after(task.startMs, () => this.#call(task, index));
      else {
        const arn = executionArnOf(task, index);
        waiting.set(arn, (waiting.get(arn) ?? new Map<number, TaskPlan>()).set(index, task));
      }
    }
    for (const [arn, tasks] of waiting) {
      const execution = new Execution(arn, tasks, this.#world, {
        enter: (...entry) => this.#enter(execution, ...entry),
        giveUp: (attempt) => this.#end(attempt, 'stop'),
        tell: (message) => this.#outside.tell(message),
      });
      this.#executions.set(arn, execution);
      execution.start();
    }
  }

  attemptOf(token: unknown): Attempt | undefined {
    return this.attempts.find((attempt) => attempt.token === token);
  }

  /** A task's answer. @throws as Step Functions does, for a token of no use */
  tell(token: unknown, told: Told): object {
    checkAnswer(told);
    this.#end(this.#waiting(token), 'told', told.type === 'success');
    return {};
  }

  heartbeat(token: unknown): object {
    this.#waiting(token).beatAt = this.#world.time.now;
    return {};
  }

  /** @throws as Step Functions does, for an execution that there never was */
  describe(executionArn: string | undefined): object {
    if (!executionArn?.startsWith('arn:')) throw sdkError('InvalidArn', 'not an ARN', 400);
    const execution = this.#executions.get(executionArn);
    if (!execution) throw sdkError('ExecutionDoesNotExist', 'no such execution', 400);
    return { executionArn, status: execution.status };
  }

  #waiting(token: unknown): Attempt {
    const attempt = this.attemptOf(token);
    if (!attempt) throw sdkError('InvalidToken', 'not a token', 400);
    if (this.#world.time.now < attempt.issuedAt + attempt.task.tokenKnownAfterMs) {
      throw sdkError('TaskDoesNotExist', 'no such task', 400);
    }
    if (attempt.end) throw hasEnded(attempt.task);
    return attempt;
  }

  #enter(execution: Execution, task: TaskPlan, index: number, retryCount: number, redriveCount: number): void {
    const { time, trace } = this.#world;
    const token = tokenFor(task, index, retryCount, redriveCount);
    const rank = redriveCount * MAX_RETRIES + retryCount;
    const request = { identity: token, chain: chainOf(task, index, token), rank, task, index };
    const entered = { issuedAt: time.now, beatAt: time.now };
    const attempt: Attempt = { token, task, index, request, retryCount, redriveCount, ...entered, execution };
    this.attempts.push(attempt);
    execution.attempts.push(attempt);
    trace.add('workflow', `task ${index} enters, retry ${retryCount}, redrive ${redriveCount}`);
    if (task.timeoutSeconds !== null) time.after(task.timeoutSeconds * 1000, () => this.#end(attempt, 'timeout'));
    if (task.heartbeatSeconds !== null) this.#expectBeat(attempt, task.heartbeatSeconds * 1000);
    if (task.stopAfterSeconds !== null)
      time.after(task.stopAfterSeconds * 1000, () => execution.stop(task, redriveCount));
    this.#callWithToken(attempt);
  }

  #expectBeat(attempt: Attempt, withinMs: number): void {
    const { time } = this.#world;
    time.after(attempt.beatAt + withinMs - time.now, () => {
      if (time.now - attempt.beatAt >= withinMs) this.#end(attempt, 'heartbeat');
      else if (!attempt.end) this.#expectBeat(attempt, withinMs);
    });
  }

  #callWithToken(attempt: Attempt): void {
    const { task, request } = attempt;
    const payload = payloadOf(attempt, this.#sessionOf(attempt.index));
    if (task.invocation === 'async') this.#invokeLater(payload, request, this.#nextRequestId());
    else {
      void this.#outside.invoke(payload, this.#nextRequestId(), request).then(({ type }) => {
        if (type === 'failed') this.#end(attempt, 'start');
      });
    }
    this.#repeat(task, () => this.#outside.invoke(payload, this.#nextRequestId(), request));
  }

  /** Nobody waits: Lambda's own repeats carry the same request id. */
  #call(task: TaskPlan, index: number): void {
    const identity = this.#nextRequestId();
    const payload = payloadWithoutTask(task, index, this.#sessionOf(index));
    const request = { identity, chain: chainOf({ ...task, mode: 'legacy' }, index, identity), rank: 0, task, index };
    this.#invokeLater(payload, request, identity);
    this.#repeat(task, () => this.#outside.invoke(payload, identity, request));
  }

  #sessionOf(index: number): string {
    const session = this.#sessions.get(index) ?? this.#outside.newestSession() ?? NO_SESSION;
    this.#sessions.set(index, session);
    return session;
  }

  #repeat(task: TaskPlan, again: () => Promise<unknown>): void {
    for (const seconds of task.repeats) this.#world.time.after(seconds * 1000, () => void again());
  }

  #invokeLater(payload: object, request: RequestIdentity, requestId: string, failures = 0): void {
    void this.#outside.invoke(payload, requestId, request).then(({ type }) => {
      const wait = ASYNC_RETRIES_MS[failures];
      if (type === 'answered' || wait === undefined) return;
      this.#world.time.after(wait, () => this.#invokeLater(payload, request, requestId, failures + 1));
    });
  }

  #end(attempt: Attempt, by: NonNullable<Attempt['end']>['by'], succeeded = false): void {
    if (attempt.end) return;
    const { time, trace } = this.#world;
    attempt.end = { by, at: time.now };
    trace.add('workflow', `task ${attempt.index} ends: ${by}`);
    attempt.execution.onEnd(attempt, succeeded);
  }

  #nextRequestId(): string {
    return `request-${++this.#requests}`;
  }
}
