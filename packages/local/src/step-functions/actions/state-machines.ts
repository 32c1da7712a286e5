import type { StateMachine } from '../state-machine.ts';
import type { Store } from '../store.ts';
import { type Input, requiredText } from './input.ts';
import { pageOf } from './page.ts';

export const listStateMachines = (input: Input, store: Store): unknown => {
  const { items, ...rest } = pageOf(store.machines, input, ({ arn }) => arn);
  return { stateMachines: items.map(summaryOf), ...rest };
};

export const describeStateMachine = (input: Input, store: Store): unknown => {
  const machine = store.machine(requiredText(input, 'stateMachineArn'));
  return {
    ...summaryOf(machine),
    status: 'ACTIVE',
    definition: machine.definitionText,
    roleArn: machine.roleArn,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  };
};

const summaryOf = ({ arn, name, type, createdAt }: StateMachine) => ({
  stateMachineArn: arn,
  name,
  type,
  creationDate: createdAt / 1000,
});
