import {
  type CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { ScenarioStage } from '../local-stage.ts';

/** Something that others than the sender may read. */
export interface ToldText {
  readonly kind: 'log' | 'metric' | 'outcome' | 'cause';
  /** The log group, or the execution. */
  readonly where: string;
  readonly text: string;
}

/** What the executions were told, and the tokens of their tasks. */
export interface Histories {
  readonly texts: readonly ToldText[];
  readonly taskTokens: readonly string[];
}

/** Every line of every log group. */
export const logLines = async (client: CloudWatchLogsClient): Promise<ToldText[]> => {
  const texts: ToldText[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {}))
    for (const { logGroupName = '' } of logGroups)
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
        texts.push(...events.map(({ message = '' }) => ({ kind: 'log' as const, where: logGroupName, text: message })));
  return texts;
};

/** Namespaces, names and dimensions of all metrics. */
export const metricNames = ({ stage }: ScenarioStage): ToldText[] =>
  stage.metrics.list().map((metric) => ({ kind: 'metric', where: metric.namespace, text: JSON.stringify(metric) }));

/**
 * What every state was told and what it made of that. What the user wrote is left out: the inputs, and the Parameters of
 * a task, in which Step Functions itself shows the request with its token.
 */
export const histories = async (client: SFNClient): Promise<Histories> => {
  const [texts, taskTokens]: [ToldText[], string[]] = [[], []];
  for (const where of await executionsOf(client))
    for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn: where })) {
      texts.push(...events.flatMap((event) => textsOf(event).map((text) => ({ ...text, where }))));
      taskTokens.push(...events.flatMap(tokenOf));
    }
  return { texts, taskTokens };
};

const executionsOf = async (client: SFNClient): Promise<string[]> => {
  const arns: string[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {}))
    for (const { stateMachineArn } of stateMachines)
      for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn }))
        arns.push(...executions.map(({ executionArn = '' }) => executionArn));
  return arns;
};

const textsOf = (event: HistoryEvent): Omit<ToldText, 'where'>[] =>
  Object.entries(event).flatMap(([name, details]) =>
    name.endsWith('EventDetails') ? textsIn(details as Readonly<Record<string, unknown>>) : [],
  );

const textsIn = ({ output, error, cause }: Readonly<Record<string, unknown>>): Omit<ToldText, 'where'>[] => [
  ...(typeof output === 'string' ? [{ kind: 'outcome' as const, text: output }] : []),
  ...[error, cause].flatMap((text) => (typeof text === 'string' ? [{ kind: 'cause' as const, text }] : [])),
];

const tokenOf = ({ taskScheduledEventDetails }: HistoryEvent): string[] => {
  const { Payload } = JSON.parse(taskScheduledEventDetails?.parameters ?? '{}') as {
    readonly Payload?: { readonly taskToken?: string };
  };
  return Payload?.taskToken === undefined ? [] : [Payload.taskToken];
};
