import type { Stack } from 'aws-cdk-lib';
import type { IChainable, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Taskers } from './taskers.ts';
import type { Told } from './told.ts';
import type { World } from './world.ts';

/** A state machine that scenarios run. */
export interface Machine {
  /** Unique among the machines of all scenarios. */
  readonly name: string;
  /** What it does, or the whole machine where that says more. */
  readonly define: (scope: Stack, taskers: Taskers) => IChainable | StateMachine;
}

/** What a stage may lack: a scenario that needs it is skipped there, and reported so. */
export type Need =
  /** Hours pass at once, and statements last exactly as long as the scenario says. */
  | 'clock'
  /** What goes wrong on AWS now and then can be made to happen. */
  | 'faults'
  /** What becomes of a statement can be decided beforehand. */
  | 'scripts';

/** What happens, and what must hold after it, wherever it runs and whatever goes wrong. */
export interface Scenario {
  /** A sentence, in the present tense. */
  readonly name: string;
  readonly needs?: readonly Need[];
  readonly machines?: readonly Machine[];
  /** Names of the stacks that it deploys, and removes. */
  readonly stacks?: readonly string[];
  /** Makes it happen, to the end of every execution. */
  readonly run: (world: World) => Promise<Told>;
  /** What its executions and callers were told; throws where that is not so. */
  readonly expect: (told: Told) => void;
  /** How many statements the warehouse runs for it. */
  readonly statements: number;
  /**
   * Whether all of them are cancelled.
   *
   * @default false
   */
  readonly areCancelled?: boolean;
  /**
   * Nobody repeats its requests: where starting a statement meets a fault, its caller may be told that instead.
   *
   * @default false
   */
  readonly isUnrepeated?: boolean;
  /**
   * Its states wait for less long than an end may take to be told other than by an event at once, and are not content with an end from before.
   *
   * @default false
   */
  readonly isImpatient?: boolean;
  /**
   * Messages that end in the dead-letter queue of the invoker.
   *
   * @default 0
   */
  readonly deadLetters?: number;
}
