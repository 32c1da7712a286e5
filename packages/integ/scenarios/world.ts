import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { StackContents } from './scenario-stacks.ts';
import type { Answer, Ended, StackEnd } from './told.ts';

/** Where a scenario runs, as far as it may know. */
export interface World {
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
  /** Of the stack: `<Name>Arn` of each machine, and what the taskers have made. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Starts an execution; its ARN. */
  start(machine: string, input?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Waits for the end of an execution. */
  ended(executionArn: string): Promise<Ended>;
  /** Runs a machine to its end. */
  run(machine: string, input?: Readonly<Record<string, unknown>>): Promise<Ended>;
  /** Waits until a state of the execution waits for its statement, or so many do; or until the execution has ended. */
  submitted(executionArn: string, count?: number): Promise<void>;
  /**
   * Asks the invoker, and repeats that where it does not know what has become of it.
   *
   * @param target whose invoker; that of the first tasker where it is left out
   */
  ask(payload: Readonly<Record<string, unknown>>, target?: 'Other'): Promise<Answer>;
  /** Creates a stack that the scenario declares, or updates the one that it has created. */
  deploy(stack: string, contents: StackContents): Promise<StackEnd>;
  /** Deletes it. */
  remove(stack: string): Promise<StackEnd>;
  /** Lets time pass until `find` gives something. */
  until<T>(find: () => Promise<T | undefined>): Promise<T>;
  /** Lets so much time pass. */
  pass(minutes: number): Promise<void>;
  /** Text like no other. */
  unique(): string;
  /**
   * SQL of a statement that lasts so long, and then ends well; of further ones with it, the first `uses` alone do. `FOR_EVER` can be had
   * everywhere, other times only where a scenario needs the clock.
   */
  lasting(minutes: number, uses?: number): string;
}

/** Minutes; so long that only a cancel ends it. */
export const FOR_EVER = 23 * 60;
