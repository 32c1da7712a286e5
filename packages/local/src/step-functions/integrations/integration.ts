import type { Json } from '../data/json.ts';
import type { TaskCaller } from './task-caller.ts';

/** What a task has started that goes on after the call: a run-a-job resource waits for it. */
export interface Job {
  /**
   * Resolves, once the job has ended, with the task's result.
   *
   * @throws StateError when the job failed
   */
  ended(): Promise<Json>;
  /** Tries to end it, for a task that does not wait any more; whether it worked, nobody is told. */
  stop(): Promise<void>;
}

export interface Started {
  /** The call's answer, in the form in which the task shows it. */
  readonly result: Json;
  readonly job?: Job;
}

/**
 * When a task is done: when its call has been answered (`request`), when its token comes back (`callback`), or when the
 * job that its call started has ended, if the token does not come back before that (`job`).
 */
export type Pattern = 'request' | 'callback' | 'job';

/** What the `Resource` of a Task state stands for. */
export interface TaskResource {
  /** As history events name it, such as `invoke.waitForTaskToken`. */
  readonly resource: string;
  readonly resourceType: string;
  readonly pattern: Pattern;
  /** How the events of the task are called in histories. @default 'Task' */
  readonly events?: 'LambdaFunction';
  /** Parameters that are passed on, others are refused at deployment; any when left out. */
  readonly parameters?: readonly string[];
  /** Parameters that AWS demands when the state machine is created. */
  readonly required?: readonly string[];
  /**
   * Makes the task's call.
   *
   * @throws StateError in the names and words that AWS's histories have for it
   */
  start(parameters: Json, caller: TaskCaller): Promise<Started>;
}

/** A service's part of the resources: knows what follows `arn:aws:states:::SERVICE:`. */
export type Integration = (operation: string, suffix: string) => TaskResource | undefined;
