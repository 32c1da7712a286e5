import { names } from '@sfn-redshift/shared';
import type { TaskPlan } from '../schedule.ts';
import type { World } from '../world.ts';
import type { Attempt } from './workflows.ts';

/** How an execution ends, in Step Functions' words. */
type BadEnd = (typeof names.EXECUTION_EVENT.statuses)[number];

/** What an execution does with the states that it runs. */
export interface ExecutionWork {
  enter(task: TaskPlan, index: number, retryCount: number, redriveCount: number): void;
  giveUp(attempt: Attempt): void;
  /** Tells the tasker's rule. */
  tell(message: object): void;
}

/** An execution of a standard workflow: of one task, or of a Map with an iteration for each. Its first failure ends it. */
export class Execution {
  readonly arn: string;
  readonly attempts: Attempt[] = [];
  redriveCount = 0;
  /** When it ended badly, each time, and after how many seconds that was told. */
  readonly badEnds: { readonly at: number; readonly delays: readonly number[] }[] = [];
  readonly #tasks: ReadonlyMap<number, TaskPlan>;
  readonly #done = new Set<number>();
  readonly #world: World;
  readonly #work: ExecutionWork;
  status: 'RUNNING' | 'SUCCEEDED' | BadEnd = 'RUNNING';
  /** When it ended last; undefined while it runs. */
  endedAt: number | undefined;

  constructor(arn: string, tasks: ReadonlyMap<number, TaskPlan>, world: World, work: ExecutionWork) {
    this.arn = arn;
    this.#tasks = tasks;
    this.#world = world;
    this.#work = work;
  }

  start(): void {
    const { time } = this.#world;
    for (const [index, task] of this.#tasks) {
      const startMs = task.sibling ? 0 : task.startMs;
      time.after(startMs, () => this.#enter(task, index, 0));
    }
  }

  /** One of its attempts has ended. */
  onEnd(attempt: Attempt, succeeded: boolean): void {
    const { task, index, retryCount, redriveCount } = attempt;
    if (this.status !== 'RUNNING' || redriveCount !== this.redriveCount) return;
    if (succeeded) this.#succeed(index);
    else if (retryCount < task.retries) {
      const wait = task.retryAfterSeconds * 1000 * BACKOFF_RATE ** retryCount;
      this.#world.time.after(wait, () => this.#enter(task, index, retryCount + 1, redriveCount));
    } else this.#end('FAILED', task);
  }

  /** Somebody stops it. */
  stop(task: TaskPlan, redriveCount: number): void {
    if (this.status === 'RUNNING' && redriveCount === this.redriveCount) {
      this.#end('ABORTED', task);
    }
  }

  #succeed(index: number): void {
    this.#done.add(index);
    if (this.#done.size < this.#tasks.size) return;
    this.status = 'SUCCEEDED';
    this.endedAt = this.#world.time.now;
  }

  #enter(task: TaskPlan, index: number, retryCount: number, redriveCount = this.redriveCount): void {
    if (this.status === 'RUNNING' && redriveCount === this.redriveCount)
      this.#work.enter(task, index, retryCount, redriveCount);
  }

  #end(status: BadEnd, { executionEvents, redriveAfterSeconds }: TaskPlan): void {
    const { time, trace } = this.#world;
    this.status = status;
    this.endedAt = time.now;
    this.badEnds.push({ at: time.now, delays: executionEvents });
    trace.add('workflow', `${this.arn.split(':').at(-1)} is ${status}`);
    for (const attempt of this.attempts) this.#work.giveUp(attempt);
    const { redriveCount } = this;
    const message = {
      type: names.EXECUTION_ENDED.type,
      executionArn: this.arn,
      status,
      redriveCount,
      stopDate: time.now,
    };
    for (const seconds of executionEvents) time.after(seconds * 1000, () => this.#work.tell(message));
    if (redriveAfterSeconds === null || redriveCount > 0) return;
    time.after(Math.max(redriveAfterSeconds * 1000, this.#leastRedriveMs()), () => this.#redrive());
  }

  /** Of what was started without an attempt only the time tells to which run it belongs: clocks must not differ as much. */
  #leastRedriveMs(): number {
    const isTold = [...this.#tasks.values()].every(({ mode }) => mode === 'attempt');
    return isTold ? 0 : REDRIVE_MS + Math.max(0, -this.#world.schedule.skewMs.invoker);
  }

  /** What has succeeded is not run again. */
  #redrive(): void {
    this.redriveCount += 1;
    this.status = 'RUNNING';
    this.endedAt = undefined;
    for (const [index, task] of this.#tasks) if (!this.#done.has(index)) this.#enter(task, index, 0);
  }
}

/** Who redrives an execution has seen before that it failed: two requests to Step Functions, and the wait between them. */
const REDRIVE_MS = 50;

/** Retry's. */
const BACKOFF_RATE = 2;
