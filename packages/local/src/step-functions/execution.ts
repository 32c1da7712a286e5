import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Json } from './data/json.ts';
import type { ExpressionPool } from './data/jsonata/expression-pool.ts';
import { failureMembers, StateError } from './errors.ts';
import { type EventDetails, History, inputDetails, outputDetails } from './history.ts';
import type { TaskCaller } from './integrations/task-caller.ts';
import { Flow, type Frame } from './interpreter/flow.ts';
import { runStates } from './interpreter/run-states.ts';
import type { StateMachine } from './state-machine.ts';
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

/** One run of a state machine, from the start on; it remains as the record of itself. */
export class Execution {
  readonly machine: StateMachine;
  readonly arn: string;
  readonly name: string;
  readonly inputText: string;
  /** Epoch milliseconds, as is `stoppedAt`. */
  readonly startedAt: number;
  readonly history: History;
  /** Resolves when nothing of it runs any more. */
  readonly finished: Promise<void>;
  readonly #ended = Promise.withResolvers<void>();
  status: ExecutionStatus = 'RUNNING';
  stoppedAt: number | undefined;
  end: End = {};
  readonly #deps: ExecutionDeps;
  readonly #ending = new AbortController();
  readonly #flow: Flow;
  readonly #timeout: Timer | undefined;

  constructor(machine: StateMachine, start: ExecutionStart, deps: ExecutionDeps) {
    this.#deps = deps;
    this.machine = machine;
    this.arn = start.arn;
    this.name = start.name;
    this.inputText = start.inputText;
    this.startedAt = deps.clock.now();
    this.history = new History(() => deps.clock.now());
    this.history.add('ExecutionStarted', 0, {
      executionStartedEventDetails: { ...inputDetails(this.inputText), roleArn: machine.roleArn },
    });
    this.#flow = new Flow(this.#frame(start.input), this.#ending.signal, 0);
    const { TimeoutSeconds: seconds } = machine.definition;
    if (seconds !== undefined) this.#timeout = deps.clock.after(seconds * 1000, () => this.#timeOut());
    deps.onStatusChange(this);
    this.finished = this.#run(start.input);
  }

  /** Resolves when it has a status to stay. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** StopExecution; nothing when it has ended already. */
  abort(error: string | undefined, cause: string | undefined): void {
    const given = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    this.#end('ABORTED', given, 'ExecutionAborted', { executionAbortedEventDetails: given });
  }

  /** For the end of the stage: stops without telling anyone. */
  async abandon(): Promise<void> {
    this.#stop();
    await this.finished;
  }

  async #run(input: Json): Promise<void> {
    try {
      const output = JSON.stringify(await runStates(this.machine.definition, input, this.#flow));
      this.#end('SUCCEEDED', { output }, 'ExecutionSucceeded', {
        executionSucceededEventDetails: outputDetails(output),
      });
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#fail(error);
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
    if (this.#ending.signal.aborted) return;
    this.status = status;
    this.end = end;
    this.stoppedAt = this.#deps.clock.now();
    this.history.end(type, this.#flow.lastEventId, details);
    this.#stop();
    this.#ended.resolve();
    this.#deps.onStatusChange(this);
  }

  /** Ends what waits, and with it the tokens that it waits for. */
  #stop(): void {
    this.#timeout?.cancel();
    this.#ending.abort(new ExecutionEnded());
  }

  #frame(input: Json): Frame {
    const { clock, tokens, caller, expressions, region } = this.#deps;
    const { arn, name, startedAt, machine } = this;
    return {
      clock,
      tokens,
      caller,
      expressions,
      region,
      history: this.history,
      stateMachineArn: machine.arn,
      context: {
        Execution: {
          Id: arn,
          Input: input,
          Name: name,
          RoleArn: machine.roleArn,
          StartTime: new Date(startedAt).toISOString(),
          RedriveCount: 0,
        },
        StateMachine: { Id: machine.arn, Name: machine.name },
      },
    };
  }
}
