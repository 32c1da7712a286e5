import type { Clock } from '../../common/clock.ts';
import type { JsonObject } from '../data/json.ts';
import type { ExpressionPool } from '../data/jsonata/expression-pool.ts';
import { Variables } from '../data/variables.ts';
import type { EventDetails, History } from '../history.ts';
import type { TaskCaller } from '../integrations/task-caller.ts';
import type { TaskTokens } from '../task-tokens.ts';

/** What all states of an execution share. */
export interface Frame {
  readonly clock: Clock;
  readonly history: History;
  readonly tokens: TaskTokens;
  /** Makes the calls of tasks. */
  readonly caller: TaskCaller;
  /** Evaluates JSONata. */
  readonly expressions: Pick<ExpressionPool, 'evaluate'>;
  readonly region: string;
  readonly stateMachineArn: string;
  /** The context object's `Execution` and `StateMachine`. */
  readonly context: JsonObject;
}

/** States that AWS notes as aborted when their branch is given up. */
const ABORTABLE = ['Task', 'Wait', 'Parallel'];

/** One line of states, each following the other: an execution's own, or that of a Parallel state's branch. */
export class Flow {
  readonly frame: Frame;
  readonly signal: AbortSignal;
  readonly variables: Variables;
  /** Id of the line's latest event, which its next event names as the previous one. */
  lastEventId: number;
  /** Type of the state that has been entered and not left. */
  #openType: string | undefined;
  #branches: readonly Flow[] = [];

  constructor(frame: Frame, signal: AbortSignal, lastEventId: number, variables = new Variables()) {
    this.frame = frame;
    this.signal = signal;
    this.variables = variables;
    this.lastEventId = lastEventId;
  }

  /** @throws whatever ended the line, if it has ended */
  record(type: string, details?: EventDetails): void {
    this.signal.throwIfAborted();
    this.lastEventId = this.frame.history.add(type, this.lastEventId, details);
  }

  enter(type: string, details: EventDetails): void {
    this.record(`${type}StateEntered`, details);
    this.#openType = type;
  }

  exit(type: string, details: EventDetails): void {
    this.record(`${type}StateExited`, details);
    this.#openType = undefined;
  }

  branch(signal: AbortSignal): Flow {
    const branch = new Flow(this.frame, signal, this.lastEventId, this.variables.inner());
    this.#branches = [...this.#branches, branch];
    return branch;
  }

  /** Notes the end of branches that all succeeded. As on AWS, the event that follows names the same previous one. */
  joinBranches(type: string): void {
    this.signal.throwIfAborted();
    this.lastEventId = Math.max(...this.#branches.map((branch) => branch.lastEventId));
    this.#branches = [];
    this.frame.history.add(type, this.lastEventId);
  }

  /** Notes what was still open in the branches when one of them failed. */
  abortBranches(failedEventId: number): void {
    for (const branch of this.#branches) branch.#recordAborted(failedEventId);
    this.#branches = [];
    this.lastEventId = failedEventId;
  }

  #recordAborted(failedEventId: number): void {
    for (const branch of this.#branches) branch.#recordAborted(failedEventId);
    if (this.#openType !== undefined && ABORTABLE.includes(this.#openType))
      this.frame.history.add(`${this.#openType}StateAborted`, failedEventId);
  }
}
