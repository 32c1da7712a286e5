import { notSupported } from '../errors.ts';
import { EXECUTION_STATUSES, type Execution } from '../execution.ts';
import type { HistoryEvent } from '../history.ts';
import { redriveStatusOf } from '../redrive-status.ts';
import type { Store } from '../store.ts';
import { type Input, optionalChoice, optionalFlag, optionalText, refuseInput, requiredText } from './input.ts';
import { pageOf } from './page.ts';

export const describeExecution = (input: Input, store: Store): unknown => {
  const execution = store.execution(requiredText(input, 'executionArn'));
  const { output, error, cause } = execution.end;
  return {
    ...summaryOf(execution),
    ...redriveStatusOf(execution),
    input: execution.inputText,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
};

/** Newest first. */
export const listExecutions = (input: Input, store: Store): unknown => {
  refuseInput(input, ['mapRunArn', 'redriveFilter'], (field) => notSupported(`ListExecutions: ${field}`));
  const machine = store.machine(requiredText(input, 'stateMachineArn'));
  const status = optionalChoice(input, 'statusFilter', EXECUTION_STATUSES);
  const executions = store.executionsOf(machine.arn).filter((execution) => !status || execution.status === status);
  const { items, ...rest } = pageOf(executions.toReversed(), input, ({ arn }) => arn);
  return { executions: items.map((execution) => ({ ...summaryOf(execution), redriveCount: 0 })), ...rest };
};

export const stopExecution = (input: Input, store: Store): unknown => {
  const execution = store.execution(requiredText(input, 'executionArn'));
  execution.abort(
    optionalText(input, 'error', { maxLength: 256, sensitive: true }),
    optionalText(input, 'cause', { maxLength: 32_768, sensitive: true }),
  );
  return { stopDate: (execution.stoppedAt ?? 0) / 1000 };
};

export const getExecutionHistory = (input: Input, store: Store): unknown => {
  const { history } = store.execution(requiredText(input, 'executionArn'));
  const events = optionalFlag(input, 'reverseOrder') ? history.events.toReversed() : history.events;
  const { items, ...rest } = pageOf(events, input, ({ id }) => String(id));
  return { events: optionalFlag(input, 'includeExecutionData') === false ? items.map(withoutData) : items, ...rest };
};

const summaryOf = ({ arn, machine, name, status, startedAt, stoppedAt }: Execution) => ({
  executionArn: arn,
  stateMachineArn: machine.arn,
  name,
  status,
  startDate: startedAt / 1000,
  ...(stoppedAt === undefined ? {} : { stopDate: stoppedAt / 1000 }),
});

const DATA = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters'];

const withoutData = (event: HistoryEvent): unknown =>
  Object.fromEntries(
    Object.entries(event).map(([member, value]) =>
      typeof value === 'object' && value !== null
        ? [member, Object.fromEntries(Object.entries(value).filter(([name]) => !DATA.includes(name)))]
        : [member, value],
    ),
  );
