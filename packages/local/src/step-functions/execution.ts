import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Json, JsonObject } from './data/json.ts';
import type { ExpressionPool } from './data/jsonata/expression-pool.ts';
import { failureMembers, StateError } from './errors.ts';
import { type EventDetails, History, inputDetails, outputDetails } from './history.ts';
import type { TaskCaller } from './integrations/task-caller.ts';
import { Flow, type Frame } from './interpreter/flow.ts';
import { runStates } from './interpreter/run-states.ts';
import type { MapRuns } from './map-run.ts';
import { baseArn, type StateMachine } from './state-machine.ts';
import type { TaskTokens } from './task-tokens.ts';

export const EXECUTION_STATUSES = [
  'SUCCEEDED',
  'TIMED_OUT',
  'PENDING_REDRIVE',
  'ABORTED',
  'FAILED',
  'RUNNING',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export interface ExecutionDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly tokens: TaskTokens;
  readonly caller: TaskCaller;
  readonly mapRuns: MapRuns;
  readonly expressions: Pick<ExpressionPool, 'evaluate'>;
  readonly region: string;
  readonly onStatusChange: (execution: Execution) => void;
}

export interface ExecutionStart {
  readonly arn: string;
  readonly name: string;
  /** JSON text, as given. */
  readonly inputText: string;
  readonly input: Json;
  /** Of a child execution. */
  readonly mapRun?: MapRunPart;
}

/** What a child execution is a part of. */
interface MapRunPart {
  readonly arn: string;
  readonly itemCount: number;
}

/** How an execution ended. */
interface End {
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Why the states of an execution that has ended go no further. */
class ExecutionEnded extends Error {
  override readonly name = 'ExecutionEnded';
}

/** From a start, or a redrive, to the end that follows. */
interface Run {
  readonly ending: AbortController;
  readonly flow: Flow;
  readonly timeout: Timer | undefined;
}

/** One execution of a state machine, from the start on; it remains as the record of itself. */
export class Execution {
  readonly machine: StateMachine;
  readonly arn: string;
  readonly name: string;
  readonly inputText: string;
  /** Epoch milliseconds, as are `stoppedAt` and `redrivenAt`. */
  readonly startedAt: number;
  readonly history: History;
  readonly mapRun: MapRunPart | undefined;
  status: ExecutionStatus = 'RUNNING';
  stoppedAt: number | undefined;
  end: End = {};
  redriveCount = 0;
  redrivenAt: number | undefined;
  /** Resolves when it has a status to stay. */
  ended: Promise<void>;
  /** Resolves when nothing of it runs any more. */
  finished: Promise<void> = Promise.resolve();
  readonly #deps: ExecutionDeps;
  /** Undefined once there is nothing to go on with. */
  #run: Run | undefined;
  #resolveEnded: () => void = () => undefined;
  /** By the client token of the call, when it was. */
  #redrives: ReadonlyMap<string, number> | undefined;

  constructor(machine: StateMachine, start: ExecutionStart, deps: ExecutionDeps) {
    this.#deps = deps;
    this.machine = machine;
    this.arn = start.arn;
    this.name = start.name;
    this.inputText = start.inputText;
    this.mapRun = start.mapRun;
    this.startedAt = deps.clock.now();
    this.history = new History(() => deps.clock.now());
    this.history.add('ExecutionStarted', 0, {
      executionStartedEventDetails: { ...inputDetails(this.inputText), roleArn: machine.roleArn },
    });
    this.ended = this.#begin(start.input, (frame, signal) => new Flow(frame, signal, 0));
  }

  /** StopExecution; nothing when it has ended already. */
  abort(error: string | undefined, cause: string | undefined): void {
    if (this.status === 'PENDING_REDRIVE') return this.#change('ABORTED');
    const given = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    this.#end('ABORTED', given, 'ExecutionAborted', { executionAbortedEventDetails: given });
  }

  /** Goes on where it ended without success: in the states that had not been left, or before the next one. */
  redrive(clientToken?: string): void {
    const before = this.#run?.flow;
    if (!before || this.status === 'RUNNING') throw new Error('There is nothing to go on with.');
    this.status = 'RUNNING';
    this.stoppedAt = undefined;
    this.end = {};
    this.redriveCount++;
    this.redrivenAt = this.#deps.clock.now();
    if (clientToken !== undefined) this.#redrives = new Map(this.#redrives).set(clientToken, this.redrivenAt);
    const { events } = this.history;
    const eventId = this.history.add('ExecutionRedriven', events.length, {
      executionRedrivenEventDetails: { redriveCount: this.redriveCount },
    });
    const input = JSON.parse(this.inputText) as Json;
    this.ended = this.#begin(input, (frame, signal) => before.again(frame, signal, eventId));
  }

  /** When it was redriven with that client token, in epoch milliseconds. */
  redrivenWith(clientToken: string): number | undefined {
    return this.#redrives?.get(clientToken);
  }

  /** For the child of a Map Run that is redriven: notes that its turn will come, unless it succeeded. */
  awaitRedrive(): void {
    if (this.#run && this.status !== 'RUNNING' && !this.history.isFull) this.#change('PENDING_REDRIVE');
  }

  /** For the end of the stage: stops without telling anyone. */
  async abandon(): Promise<void> {
    if (this.#run) this.#stop(this.#run);
    this.#resolveEnded();
    await this.finished;
  }

  #begin(input: Json, flowIn: (frame: Frame, signal: AbortSignal) => Flow): Promise<void> {
    const { clock, onStatusChange } = this.#deps;
    const { TimeoutSeconds: seconds } = this.machine.definition;
    const ending = new AbortController();
    const flow = flowIn(this.#frame(input), ending.signal);
    const timeout = seconds === undefined ? undefined : clock.after(seconds * 1000, () => this.#timeOut());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resolveEnded = resolve;
    this.#run = { ending, flow, timeout };
    onStatusChange(this);
    this.finished = this.#runStates(input, this.#run);
    return promise;
  }

  async #runStates(input: Json, { flow, ending }: Run): Promise<void> {
    try {
      const output = JSON.stringify(await runStates(this.machine.definition, input, flow));
      this.#end('SUCCEEDED', { output }, 'ExecutionSucceeded', {
        executionSucceededEventDetails: outputDetails(output),
      });
    } catch (error) {
      if (!ending.signal.aborted) this.#fail(error);
      else if (!(error instanceof ExecutionEnded)) this.#fault(error);
    }
  }

  #fail(error: unknown): void {
    const members = failureMembers(error instanceof StateError ? error : this.#fault(error));
    this.#end('FAILED', members, 'ExecutionFailed', { executionFailedEventDetails: members });
  }

  /** An error of the stage itself. */
  #fault(error: unknown): StateError {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    this.#deps.log.warn('an execution failed in the stage', { execution: this.arn, error: name });
    return new StateError('States.Runtime', `The local stage failed: ${message}`);
  }

  #timeOut(): void {
    this.#end('TIMED_OUT', {}, 'ExecutionTimedOut', { executionTimedOutEventDetails: {} });
  }

  #end(status: ExecutionStatus, end: End, type: string, details: EventDetails): void {
    const run = this.#run;
    if (!run || run.ending.signal.aborted) return;
    this.status = status;
    this.end = end;
    this.stoppedAt = this.#deps.clock.now();
    this.history.end(type, run.flow.lastEventId, details);
    this.#stop(run);
    // What succeeded is never redriven.
    if (status === 'SUCCEEDED') this.#run = undefined;
    this.#resolveEnded();
    this.#deps.onStatusChange(this);
  }

  #change(status: ExecutionStatus): void {
    this.status = status;
    this.#deps.onStatusChange(this);
  }

  /** Ends what waits, and with it the tokens that it waits for. */
  #stop({ timeout, ending }: Run): void {
    timeout?.cancel();
    ending.abort(new ExecutionEnded());
  }

  #frame(input: Json): Frame {
    const { clock, tokens, caller, mapRuns, expressions, region } = this.#deps;
    const { history, machine } = this;
    return {
      clock,
      tokens,
      caller,
      mapRuns,
      expressions,
      region,
      history,
      stateMachineArn: baseArn(machine.arn),
      context: { Execution: this.#context(input), StateMachine: { Id: machine.arn, Name: machine.name } },
    };
  }

  #context(input: Json): JsonObject {
    const { arn, name, startedAt, redriveCount, redrivenAt, machine } = this;
    return {
      Id: arn,
      Input: input,
      Name: name,
      RoleArn: machine.roleArn,
      StartTime: new Date(startedAt).toISOString(),
      RedriveCount: redriveCount,
      ...(redrivenAt === undefined ? {} : { RedriveTime: new Date(redrivenAt).toISOString() }),
    };
  }
}
