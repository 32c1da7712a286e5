import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  FieldUtils,
  IntegrationPattern,
  QueryLanguage,
  type TaskMetricsConfig,
  type TaskStateBase,
  type TaskStateBaseProps,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RedshiftTaskBinding, RedshiftTaskOptions } from '../redshift-start-options';
import type { SqlSource } from './sql-source';
import { StateLanguage } from './state-language';
import { retriesFor } from './state-retries';
import { refuse } from './validation';

/** The Data API ends a statement after 24 hours; the sweep, at the latest, tells of it two hours later. */
const LONGEST_WAIT = Duration.hours(27);

/** Longer than a Lambda function may run. */
const LONGEST_ANSWER = Duration.minutes(20);

/** The path of a state, for messages. */
export const pathOf = (scope: Construct, id: string): string => [scope.node.path, id].filter(Boolean).join('/');

/**
 * How a state works with the function: it waits by default.
 * @throws Error naming a pattern that it has not.
 */
export const patternOf = (
  state: string,
  { integrationPattern = IntegrationPattern.RUN_JOB }: TaskStateBaseProps,
  supported: readonly IntegrationPattern[],
): IntegrationPattern => {
  if (supported.includes(integrationPattern)) return integrationPattern;
  return refuse(`${state}: integrationPattern`, `must be ${supported.join(' or ')}`, integrationPattern);
};

/** What a state gives its base: it is bounded, and tells which files its SQL is from. */
export const stateProps = <T extends TaskStateBaseProps>(
  props: T,
  pattern: IntegrationPattern,
  sources: readonly SqlSource[] = [],
): T => {
  const bound = Timeout.duration(waits(pattern) ? LONGEST_WAIT : LONGEST_ANSWER);
  const files = sources.flatMap(({ file }) => file ?? []);
  const comment = [props.comment, ...files].filter(Boolean).join('; ');
  return {
    ...props,
    ...(props.timeout === undefined && props.taskTimeout === undefined && { taskTimeout: bound }),
    ...(files.length > 0 && { comment }),
  };
};

const waits = (pattern: IntegrationPattern): boolean => pattern === IntegrationPattern.RUN_JOB;

/** How task states count, by the names that CDK's states of Lambda functions use. */
export const metricsOf = (invoker: LambdaFunction): TaskMetricsConfig => ({
  metricPrefixSingular: 'LambdaFunction',
  metricPrefixPlural: 'LambdaFunctions',
  metricDimensions: { LambdaFunctionArn: invoker.functionArn },
});

/** What the role of the state machine must be allowed. */
export const policiesOf = (invoker: LambdaFunction): PolicyStatement[] => [
  new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [invoker.functionArn] }),
];

/** Lets the state repeat what another attempt may change, unless it is told not to. */
export const addRetries = (task: TaskStateBase, { tasker, retryOnServiceExceptions = true }: InvokerTask['props']) => {
  if (!retryOnServiceExceptions) return;
  for (const retry of retriesFor(tasker.invoker)) task.addRetry(retry);
};

/** How a state invokes a tasker's function. */
export interface InvokerTask {
  /** The path of the state. */
  readonly state: string;
  readonly pattern: IntegrationPattern;
  readonly props: TaskStateBaseProps & RedshiftTaskOptions & RedshiftTaskBinding;
  readonly request: (language: StateLanguage) => Record<string, unknown>;
}

/**
 * Renders the part of a state's definition that invokes the function. A state that waits is answered by its task token; of one that
 * does not, the function's answer is the result, without what Lambda wraps around it.
 * @throws Error at once where the state has a query language of its own, and a prop is of the other one.
 */
export const renderer = (task: InvokerTask) => {
  const render = (topLevelQueryLanguage?: QueryLanguage): object => {
    const queryLanguage = task.props.queryLanguage ?? topLevelQueryLanguage ?? QueryLanguage.JSON_PATH;
    return renderTask(task, new StateLanguage(task.state, queryLanguage));
  };
  if (task.props.queryLanguage) render();
  return render;
};

const renderTask = ({ props, pattern, request }: InvokerTask, language: StateLanguage): object => {
  const { functionArn } = props.tasker.invoker;
  language.refuseProps(props);
  language.seconds('taskTimeout', props.taskTimeout);
  if (!waits(pattern)) return { Resource: functionArn, ...argumentsOf(request(language), language) };
  const Resource = `arn:${Aws.PARTITION}:states:::lambda:invoke.waitForTaskToken`;
  return { Resource, ...argumentsOf({ FunctionName: functionArn, Payload: request(language) }, language) };
};

const argumentsOf = (value: Record<string, unknown>, { queryLanguage }: StateLanguage): object =>
  queryLanguage === QueryLanguage.JSONATA ? { Arguments: value } : { Parameters: FieldUtils.renderObject(value) };
