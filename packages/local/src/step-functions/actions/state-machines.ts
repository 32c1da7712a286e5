import type { StateMachine } from '../state-machine.ts';
import type { Store } from '../store.ts';
import { type Input, optionalChoice, requiredText } from './input.ts';
import { pageOf } from './page.ts';

export const INCLUDED_DATA = ['ALL_DATA', 'METADATA_ONLY'] as const;

export const listStateMachines = (input: Input, store: Store): unknown => {
  const { items, ...rest } = pageOf({ all: store.machines }, input);
  return { stateMachines: items.map(summaryOf), ...rest };
};

export const describeStateMachine = (input: Input, store: Store): unknown => {
  const machine = store.machine(requiredText(input, 'stateMachineArn'));
  return { ...summaryOf(machine), status: 'ACTIVE', ...settingsOf(machine, input) };
};

/** As it was when the execution was started. */
export const describeStateMachineForExecution = (input: Input, store: Store): unknown => {
  const { machine, mapRun } = store.execution(requiredText(input, 'executionArn'));
  const { arn, name, updatedAt } = machine;
  return {
    stateMachineArn: arn,
    name,
    updateDate: updatedAt / 1000,
    ...settingsOf(machine, input),
    ...(mapRun ? { mapRunArn: mapRun.arn, label: name.replace(/^[^/]*\//, '') } : {}),
  };
};

const settingsOf = ({ definitionText, roleArn }: StateMachine, input: Input) => ({
  ...(optionalChoice(input, 'includedData', INCLUDED_DATA) === 'METADATA_ONLY' ? {} : { definition: definitionText }),
  roleArn,
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
});

const summaryOf = ({ arn, name, type, createdAt }: StateMachine) => ({
  stateMachineArn: arn,
  name,
  type,
  creationDate: createdAt / 1000,
});
