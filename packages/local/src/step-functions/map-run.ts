import type { Clock } from '../common/clock.ts';
import { type Json, parseJson } from './data/json.ts';
import type { StateGroup } from './definition/states.ts';
import { StateError } from './errors.ts';
import type { Execution } from './execution.ts';
import type { StateMachine } from './state-machine.ts';

/** Step Functions runs no more child executions of a Map Run at a time. */
const MOST_CONCURRENT = 10_000;

export interface MapRunLimits {
  /** 0: as many as there may be. */
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  /** Of all items. */
  readonly toleratedFailurePercentage: number;
}

/** What a child execution is to work on: one item, or a batch of them. */
export interface MapRunPart {
  readonly input: Json;
  readonly itemCount: number;
}

export interface MapRunStart {
  readonly arn: string;
  /** Of the execution that the Map state is part of. */
  readonly executionArn: string;
  /** What the children run; its name is that of the state machine and the label. */
  readonly machine: StateMachine;
  readonly parts: readonly MapRunPart[];
  readonly limits: MapRunLimits;
}

/** What a Map state says of its Map Run. */
export interface MapRunPlan {
  /** The state's. */
  readonly name: string;
  readonly label: string | undefined;
  readonly processor: StateGroup;
  readonly parts: readonly MapRunPart[];
  readonly limits: MapRunLimits;
}

/** The Map Runs of one execution. */
export interface MapRuns {
  /** @throws StateError when the role may not start executions of the state machine */
  start(plan: MapRunPlan): Promise<MapRun>;
}

export interface MapRunDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly startChild: (run: MapRun, part: MapRunPart) => Execution;
}

export type MapRunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** One run of a Distributed Map state: child executions of their own, one for each part of its items. */
export class MapRun {
  readonly arn: string;
  readonly executionArn: string;
  readonly machine: StateMachine;
  readonly parts: readonly MapRunPart[];
  readonly limits: MapRunLimits;
  /** Epoch milliseconds, as are `stoppedAt` and `redrivenAt`. */
  readonly startedAt: number;
  stoppedAt: number | undefined;
  status: MapRunStatus = 'RUNNING';
  redriveCount = 0;
  redrivenAt: number | undefined;
  /** In the order of the parts; those that have not been started are missing. */
  readonly children: (Execution | undefined)[] = [];
  readonly itemCount: number;
  readonly #deps: MapRunDeps;
  #failedItems = 0;

  constructor(start: MapRunStart, deps: MapRunDeps) {
    this.#deps = deps;
    this.arn = start.arn;
    this.executionArn = start.executionArn;
    this.machine = start.machine;
    this.parts = start.parts;
    this.limits = start.limits;
    this.itemCount = start.parts.reduce((sum, { itemCount }) => sum + itemCount, 0);
    this.startedAt = deps.clock.now();
  }

  /**
   * Runs all children, and resolves with the outputs of those that succeeded.
   *
   * @throws StateError `States.ExceedToleratedFailureThreshold`
   * @throws the reason of the signal when it is aborted
   */
  async run(signal: AbortSignal): Promise<readonly Json[]> {
    const abort = () => this.#abortChildren();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await this.#runChildren(signal);
      if (signal.aborted) this.#end('ABORTED');
      signal.throwIfAborted();
      if (this.#isExceeded()) throw this.#exceeded();
      this.#end('SUCCEEDED');
      return this.children.flatMap((child) => outputOf(child));
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Makes ready to run once more the children that did not succeed. */
  redrive(): void {
    this.status = 'RUNNING';
    this.stoppedAt = undefined;
    this.redriveCount++;
    this.redrivenAt = this.#deps.clock.now();
    this.#failedItems = 0;
    for (const child of this.children) child?.awaitRedrive();
  }

  async #runChildren(signal: AbortSignal): Promise<void> {
    let next = 0;
    const place = async (): Promise<void> => {
      while (next < this.parts.length && !signal.aborted && !this.#isExceeded()) await this.#runChild(next++);
    };
    const places = Math.min(this.parts.length, this.limits.maxConcurrency || MOST_CONCURRENT, MOST_CONCURRENT);
    await Promise.all(Array.from({ length: places }, place));
  }

  async #runChild(index: number): Promise<void> {
    const part = this.parts[index] as MapRunPart;
    const child = this.#begun(index, part);
    await child.ended;
    if (child.status === 'SUCCEEDED') return;
    this.#failedItems += part.itemCount;
    if (this.#isExceeded()) this.#abortChildren();
  }

  #begun(index: number, part: MapRunPart): Execution {
    const child = this.children[index];
    if (child?.status === 'PENDING_REDRIVE') child.redrive();
    this.children[index] = child ?? this.#deps.startChild(this, part);
    return this.children[index];
  }

  #isExceeded(): boolean {
    const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = this.limits;
    if (this.#failedItems === 0) return false;
    const isCounted = count > 0 || percentage === 0;
    return (
      (isCounted && this.#failedItems > count) ||
      (percentage > 0 && (this.#failedItems / this.itemCount) * 100 > percentage)
    );
  }

  #exceeded(): StateError {
    this.#end('FAILED');
    return new StateError(
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded',
    );
  }

  #abortChildren(): void {
    for (const child of this.children) child?.abort(undefined, undefined);
  }

  #end(status: MapRunStatus): void {
    this.status = status;
    this.stoppedAt = this.#deps.clock.now();
  }
}

/** Those of children that failed, as far as that is tolerated, are left out. */
const outputOf = (child: Execution | undefined): readonly Json[] => {
  const text = child?.end.output;
  return text === undefined ? [] : [parseJson(text) ?? null];
};
