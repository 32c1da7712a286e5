import { notSupported } from '../errors.ts';
import { EXECUTION_STATUSES, type Execution } from '../execution.ts';
import type { HistoryEvent } from '../history.ts';
import { redriveStatusOf } from '../redrive-status.ts';
import type { Store } from '../store.ts';
import { type Input, optionalChoice, optionalFlag, optionalText, refuseInput, requiredText } from './input.ts';
import { pageOf } from './page.ts';
import { INCLUDED_DATA } from './state-machines.ts';

export const describeExecution = (input: Input, store: Store): unknown => {
  const execution = store.execution(requiredText(input, 'executionArn'));
  const { output, error, cause } = execution.end;
  const hasData = optionalChoice(input, 'includedData', INCLUDED_DATA) !== 'METADATA_ONLY';
  return {
    ...summaryOf(execution),
    ...redriveStatusOf(execution),
    ...(hasData ? { input: execution.inputText } : {}),
    inputDetails: { included: hasData },
    ...(output !== undefined && hasData ? { output } : {}),
    ...(output === undefined ? {} : { outputDetails: { included: hasData } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
};

/** Newest first. */
export const listExecutions = (input: Input, store: Store): unknown => {
  refuseInput(input, ['mapRunArn', 'redriveFilter'], (field) => notSupported(`ListExecutions: ${field}`));
  const machine = store.machine(requiredText(input, 'stateMachineArn'));
  const status = optionalChoice(input, 'statusFilter', EXECUTION_STATUSES);
  const all = store.executionsOf(machine.arn);
  const includes = (execution: Execution) => status === undefined || execution.status === status;
  const { items, ...rest } = pageOf({ all, newestFirst: true, includes }, input);
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
  const newestFirst = optionalFlag(input, 'reverseOrder') ?? false;
  const { items, ...rest } = pageOf({ all: history.events, newestFirst }, input);
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
