import { AwsError } from '../../common/aws-error.ts';
import { EXECUTION_STATUSES, type Execution, type ExecutionStatus } from '../execution.ts';
import type { HistoryEvent } from '../history.ts';
import { redriveStatusOf } from '../redrive-status.ts';
import type { Store } from '../store.ts';
import { type Input, optionalChoice, optionalFlag, optionalText, requiredText } from './input.ts';
import { pageOf } from './page.ts';
import { INCLUDED_DATA } from './state-machines.ts';

export const describeExecution = (input: Input, store: Store, now: number): unknown => {
  const execution = store.execution(requiredText(input, 'executionArn'));
  const { output, error, cause } = execution.end;
  const hasData = optionalChoice(input, 'includedData', INCLUDED_DATA) !== 'METADATA_ONLY';
  return {
    ...summaryOf(execution),
    ...redriveStatusOf(execution, now),
    ...(hasData ? { input: execution.inputText } : {}),
    inputDetails: { included: hasData },
    ...(output !== undefined && hasData ? { output } : {}),
    ...(output === undefined ? {} : { outputDetails: { included: hasData } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
};

/** Of a state machine, or of a Map Run; newest first. */
export const listExecutions = (input: Input, store: Store): unknown => {
  const status = optionalChoice(input, 'statusFilter', EXECUTION_STATUSES);
  const redriven = redriveFilterOf(input);
  const includes = (execution: Execution) =>
    (status === undefined || execution.status === status) &&
    (redriven === undefined || execution.redriveCount > 0 === redriven);
  const { items, ...rest } = pageOf({ ...listed(input, store, status), newestFirst: true, includes }, input);
  return { executions: items.map(entryOf), ...rest };
};

/** Where to look for them. */
const listed = (
  input: Input,
  store: Store,
  status: ExecutionStatus | undefined,
): { readonly all: readonly Execution[]; readonly at?: readonly number[] } => {
  const mapRunArn = optionalText(input, 'mapRunArn');
  const stateMachineArn = optionalText(input, 'stateMachineArn');
  if ((mapRunArn === undefined) === (stateMachineArn === undefined))
    throw new AwsError('ValidationException', 'Exactly one of stateMachineArn and mapRunArn must be given');
  if (mapRunArn !== undefined) {
    const { children } = store.mapRun(mapRunArn);
    return { all: children.filter((child) => child !== undefined) };
  }
  const { arn } = store.machine(stateMachineArn ?? '');
  const all = store.executionsOf(arn);
  return status === 'RUNNING' ? { all, at: store.runningOf(arn) } : { all };
};

/** Only the executions of a Map Run can be told apart by it. */
const redriveFilterOf = (input: Input): boolean | undefined => {
  const filter = optionalChoice(input, 'redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN']);
  if (filter === undefined) return undefined;
  if (optionalText(input, 'mapRunArn') !== undefined) return filter === 'REDRIVEN';
  throw new AwsError('ValidationException', 'redriveFilter can only be given with mapRunArn');
};

const entryOf = (execution: Execution) => ({
  ...summaryOf(execution),
  redriveCount: execution.redriveCount,
  ...(execution.mapRun ? { itemCount: execution.mapRun.itemCount } : {}),
});

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

const summaryOf = ({ arn, machine, mapRun, name, status, startedAt, stoppedAt, redrivenAt }: Execution) => ({
  executionArn: arn,
  ...(mapRun ? { mapRunArn: mapRun.arn } : {}),
  stateMachineArn: machine.arn,
  name,
  status,
  startDate: startedAt / 1000,
  ...(stoppedAt === undefined ? {} : { stopDate: stoppedAt / 1000 }),
  ...(redrivenAt === undefined ? {} : { redriveDate: redrivenAt / 1000 }),
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
