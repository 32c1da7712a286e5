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
    if (this.#done.size === this.#tasks.size) this.status = 'SUCCEEDED';
  }

  #enter(task: TaskPlan, index: number, retryCount: number, redriveCount = this.redriveCount): void {
    if (this.status === 'RUNNING' && redriveCount === this.redriveCount)
      this.#work.enter(task, index, retryCount, redriveCount);
  }

  #end(status: BadEnd, { executionEvents, redriveAfterSeconds, mode }: TaskPlan): void {
    const { time, trace } = this.#world;
    this.status = status;
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
    const leastMs = mode === 'attempt' ? 0 : LEGACY_REDRIVE_MS;
    time.after(Math.max(redriveAfterSeconds * 1000, leastMs), () => this.#redrive());
  }

  /** What has succeeded is not run again. */
  #redrive(): void {
    this.redriveCount += 1;
    this.status = 'RUNNING';
    for (const [index, task] of this.#tasks) if (!this.#done.has(index)) this.#enter(task, index, 0);
  }
}

/** Of what was started without an attempt only the time tells to which run it belongs: clocks must not differ as much. */
const LEGACY_REDRIVE_MS = 5_000;

/** Retry's. */
const BACKOFF_RATE = 2;
