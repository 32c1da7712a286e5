import type { Clock } from '../../common/clock.ts';
import type { Json, JsonObject } from '../data/json.ts';
import type { ExpressionPool } from '../data/jsonata/expression-pool.ts';
import { Variables } from '../data/variables.ts';
import type { EventDetails, History } from '../history.ts';
import type { TaskCaller } from '../integrations/task-caller.ts';
import type { MapRun, MapRuns } from '../map-run.ts';
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
  /** Starts child executions. */
  readonly mapRuns: MapRuns;
  readonly region: string;
  readonly stateMachineArn: string;
  /** The context object's `Execution` and `StateMachine`. */
  readonly context: JsonObject;
}

/** A state that has been entered and not left. */
export interface Standing {
  readonly name: string;
  readonly type: string;
  readonly input: Json;
  readonly enteredEventId: number;
  /** ISO 8601. */
  readonly enteredTime: string;
}

/** Where a line goes on in a redrive: in a state that it had not left, or with one that it had not entered. */
export interface Resumption {
  readonly standing: Standing | undefined;
  readonly step: Step | undefined;
}

/** What a state has handed on to which. */
export interface Step {
  readonly output: Json;
  readonly next: string | undefined;
}

/** States that AWS notes as aborted when their branch is given up. */
const ABORTABLE = ['Task', 'Wait', 'Parallel', 'Map'];

/**
 * One line of states, each following the other: an execution's own, that of a Parallel state's branch, or of a Map state's
 * iteration. It remembers where it stands, so that a redrive can go on there.
 */
export class Flow {
  readonly frame: Frame;
  readonly signal: AbortSignal;
  readonly variables: Variables;
  /** Id of the line's latest event, which its next event names as the previous one. */
  lastEventId: number;
  /** The state that the line stands in; else the latest step that it has taken. */
  #standing: Standing | undefined;
  #step: Step | undefined;
  #output: Json | undefined;
  /** Of the latest attempt of the state that the line stands in; those not begun are missing. */
  #branches: (Flow | undefined)[] = [];
  /** Branches of the line that this one goes on with, until their state is attempted again. */
  #branchesBefore: readonly (Flow | undefined)[] = [];
  /** Of the state that the line stands in; and of that one in the line that this one goes on with. */
  #mapRun: MapRun | undefined;
  #mapRunBefore: MapRun | undefined;
  /** The event that notes the end of the line, where there is one. */
  #endEventId: number | undefined;
  /** How the history notes that the line was given up, beside the state that it stood in. */
  #abortedEvent: { readonly type: string; readonly details: EventDetails } | undefined;
  #isAborted = false;

  constructor(frame: Frame, signal: AbortSignal, lastEventId: number, variables = new Variables()) {
    this.frame = frame;
    this.signal = signal;
    this.variables = variables;
    this.lastEventId = lastEventId;
  }

  /** A line that goes on where this one has come to. */
  again(frame: Frame, signal: AbortSignal, lastEventId: number): Flow {
    const flow = new Flow(frame, signal, lastEventId, this.variables);
    flow.#standing = this.#standing;
    flow.#step = this.#step;
    flow.#output = this.#output;
    flow.#branchesBefore = this.#branches.length > 0 ? this.#branches : this.#branchesBefore;
    flow.#mapRunBefore = this.#mapRun ?? this.#mapRunBefore;
    return flow;
  }

  /** What the line has come to; undefined before its end. */
  get output(): Json | undefined {
    return this.#output;
  }

  /** Of a line that goes on with another: where. */
  get resumption(): Resumption {
    return { standing: this.#standing, step: this.#step };
  }

  /** @throws whatever ended the line, if it has ended */
  record(type: string, details?: EventDetails): void {
    this.signal.throwIfAborted();
    this.lastEventId = this.frame.history.add(type, this.lastEventId, details);
  }

  /** Notes what no later event names as the previous one. */
  note(type: string): void {
    this.signal.throwIfAborted();
    this.frame.history.add(type, this.lastEventId);
  }

  enter(name: string, type: string, input: Json, details: EventDetails): Standing {
    this.record(`${type}StateEntered`, details);
    const enteredTime = new Date(this.frame.clock.now()).toISOString();
    this.#standing = { name, type, input, enteredEventId: this.lastEventId, enteredTime };
    return this.#standing;
  }

  exit(type: string, { output, next }: Step, details: EventDetails): void {
    this.record(`${type}StateExited`, details);
    this.#step = { output, next };
    this.#standing = undefined;
    this.#branches = [];
    this.#branchesBefore = [];
    this.#mapRun = undefined;
    this.#mapRunBefore = undefined;
  }

  /** Ends the line; its variables are gone. */
  finish(output: Json): Json {
    this.variables.drop();
    this.#output = output;
    return output;
  }

  /**
   * Begins an attempt of the state's branches.
   *
   * @returns whether it goes on with those of an earlier execution
   */
  beginBranches(signal: AbortSignal): boolean {
    for (const branch of this.#branches) branch?.variables.drop();
    const before = this.#branchesBefore;
    this.#branchesBefore = [];
    this.#branches = before.map((branch) => branch?.again(this.frame, signal, this.lastEventId));
    return this.#branches.length > 0;
  }

  /** Notes that the state has failed. As documented, all of it runs anew in a redrive if it did although its branches had succeeded. */
  failState(type: string): void {
    this.record(type);
    if (this.#mapRun?.status === 'SUCCEEDED') this.#mapRun = undefined;
    if (this.#branches.every((branch) => branch?.output !== undefined)) this.#branches = [];
  }

  /** @param after the branch whose end lets this one begin; without it the state's own line does */
  branch(index: number, signal: AbortSignal, after: Flow = this): Flow {
    this.#branches[index] ??= new Flow(this.frame, signal, after.lastEventId, this.variables.inner());
    return this.#branches[index];
  }

  keepMapRun(run: MapRun): void {
    this.#mapRun = run;
  }

  /** The Map Run to go on with, once: a retry begins a new one. */
  takeMapRun(): MapRun | undefined {
    const run = this.#mapRunBefore;
    this.#mapRunBefore = undefined;
    return run;
  }

  /** Begins an iteration, unless it had begun already, and says how its end without success is to be noted. */
  beginIteration(details: Readonly<Record<string, unknown>>): void {
    if (!this.#standing && !this.#step)
      this.record('MapIterationStarted', { mapIterationStartedEventDetails: details });
    this.#abortedEvent = { type: 'MapIterationAborted', details: { mapIterationAbortedEventDetails: details } };
  }

  /** Notes the end of an iteration. As on AWS, no event of another iteration names it as the previous one. */
  endIteration(type: 'Succeeded' | 'Failed', details: Readonly<Record<string, unknown>>): void {
    this.signal.throwIfAborted();
    this.#isAborted = type === 'Failed';
    const id = this.frame.history.add(`MapIteration${type}`, this.lastEventId, {
      [`mapIteration${type}EventDetails`]: details,
    });
    if (type === 'Succeeded') this.#endEventId = id;
  }

  /** Notes the end of branches that all succeeded. As on AWS, the event that follows names the same previous one. */
  joinBranches(type: string): void {
    for (const branch of this.#branches)
      if (branch) this.lastEventId = Math.max(this.lastEventId, branch.#endEventId ?? branch.lastEventId);
    this.note(type);
  }

  /** Notes what was still open in the branches when one of them failed. */
  abortBranches(failedEventId: number): void {
    for (const branch of this.#branches) if (branch) branch.#recordAborted(failedEventId);
    this.lastEventId = failedEventId;
  }

  #recordAborted(failedEventId: number): void {
    if (this.#isAborted || this.#output !== undefined) return;
    this.#isAborted = true;
    for (const branch of this.#branches) if (branch) branch.#recordAborted(failedEventId);
    const { history } = this.frame;
    if (this.#mapRun) history.add('MapRunAborted', failedEventId);
    if (this.#standing && ABORTABLE.includes(this.#standing.type))
      history.add(`${this.#standing.type}StateAborted`, failedEventId);
    if (this.#abortedEvent) history.add(this.#abortedEvent.type, failedEventId, this.#abortedEvent.details);
  }
}
