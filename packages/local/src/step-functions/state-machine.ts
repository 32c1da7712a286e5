import type { MachineDefinition } from './definition/states.ts';

/** A deployed state machine. An update makes a new one; executions keep the one they were started with. */
export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly type: 'STANDARD';
  /** As it was deployed. */
  readonly definitionText: string;
  readonly definition: MachineDefinition;
  /** Epoch milliseconds, as is `updatedAt`. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The ARN without the label of a Distributed Map: policies name the state machine as it was deployed. */
export const baseArn = (arn: string): string => arn.replace(/\/.*$/, '');
