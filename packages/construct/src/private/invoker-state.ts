import { Annotations, Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  FieldUtils,
  IntegrationPattern,
  QueryLanguage,
  type TaskMetricsConfig,
  TaskStateBase,
  type TaskStateBaseProps,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RedshiftTaskBinding, RedshiftTaskOptions } from '../redshift-start-options';
import { checkHas } from './check-type';
import type { SqlSource } from './sql-source';
import { StateLanguage } from './state-language';
import { retriesFor } from './state-retries';
import { refuse } from './validation';

/** The Data API ends a statement after 24 hours; the sweep, at the latest, tells of it two hours later. */
const LONGEST_WAIT = Duration.hours(27);

/** Longer than a Lambda function may run. */
const LONGEST_ANSWER = Duration.minutes(20);

export type TaskProps = TaskStateBaseProps & RedshiftTaskOptions & RedshiftTaskBinding;

/** What a state asks of the function. */
export interface InvokerTask {
  /** The path of the state, for messages. */
  readonly state: string;
  readonly pattern: IntegrationPattern;
  readonly request: (language: StateLanguage) => Record<string, unknown>;
  /** Where its SQL is from. */
  readonly sources?: readonly SqlSource[];
}

/**
 * A task state that invokes the function of a tasker. One that waits is answered by its task token; of one that does not, the
 * function's answer is the result, without what Lambda wraps around it.
 *
 * @internal
 */
export abstract class InvokerState extends TaskStateBase {
  protected readonly taskMetrics?: TaskMetricsConfig;
  protected readonly taskPolicies?: PolicyStatement[];

  private readonly language?: QueryLanguage;
  private readonly invoker: LambdaFunction;

  /** @throws Error at once where the state has a query language of its own, and a prop is of the other one. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: TaskProps,
    private readonly task: InvokerTask,
  ) {
    super(scope, id, stateProps(props, task));
    this.invoker = props.tasker.invoker;
    this.language = props.queryLanguage;
    this.taskMetrics = metricsOf(this.invoker);
    this.taskPolicies = policiesOf(this.invoker);
    if (props.retryOnServiceExceptions ?? true) for (const retry of retriesFor(this.invoker)) this.addRetry(retry);
    if (this.language) this._renderTask();
  }

  /** @internal */
  protected _renderTask(topLevelQueryLanguage?: QueryLanguage): object {
    const queryLanguage = this.language ?? topLevelQueryLanguage ?? QueryLanguage.JSON_PATH;
    const language = new StateLanguage(this.task.state, queryLanguage);
    language.refuseProps(this.props);
    if (queryLanguage === QueryLanguage.JSONATA) warnOfExpressions(this, this.task);
    language.seconds('taskTimeout', this.props.taskTimeout);
    const { functionArn } = this.invoker;
    const request = this.task.request(language);
    if (!waits(this.task.pattern)) return { Resource: functionArn, ...argumentsOf(request, language) };
    const Resource = `arn:${Aws.PARTITION}:states:::lambda:invoke.waitForTaskToken`;
    return { Resource, ...argumentsOf({ FunctionName: functionArn, Payload: request }, language) };
  }
}

/** The path of a state, for messages. */
export const pathOf = (scope: Construct, id: string): string => [scope.node.path, id].filter(Boolean).join('/');

/**
 * How a state works with the function of its tasker: it waits by default.
 * @throws Error naming a pattern that it has not, a tasker that is none, and heartbeats that nobody waits for.
 */
export const patternOf = (
  state: string,
  props: TaskProps,
  [byDefault, ...others]: readonly [IntegrationPattern, ...IntegrationPattern[]],
): IntegrationPattern => {
  checkHas(`${state}: tasker`, props.tasker, 'a SfnRedshiftTasker, or a target of one', 'invoker');
  const { integrationPattern = byDefault } = props;
  const supported = [byDefault, ...others];
  if (!supported.includes(integrationPattern)) {
    refuse(`${state}: integrationPattern`, `must be ${supported.join(' or ')}`, integrationPattern);
  }
  checkWaits(state, props, integrationPattern, ['heartbeatTimeout', 'heartbeat']);
  return integrationPattern;
};

/** @throws Error where the state does not wait, naming the first of the props that are for those which do. */
export const checkWaits = <P extends object>(
  state: string,
  props: P,
  pattern: IntegrationPattern,
  names: readonly (keyof P & string)[],
): void => {
  const given = names.find((name) => props[name] !== undefined);
  if (given === undefined || waits(pattern)) return;
  refuse(`${state}: ${given}`, 'needs a state that waits: integrationPattern RUN_JOB', pattern);
};

/** Only text that is an expression as a whole is one. Braces in SQL may be meant, so this is no error. */
const warnOfExpressions = (scope: Construct, { state, sources = [] }: InvokerTask): void => {
  const isSuspect = ({ known = '', file }: SqlSource) => file === undefined && /\{%.*%\}/s.test(known);
  if (!sources.some(isSuspect)) return;
  Annotations.of(scope).addWarningV2(
    'sfn-redshift-tasker:expressionInSql',
    `${state}: the SQL holds {% … %} and is sent as it stands. A JSONata expression is the whole text, such as {% 'select ' & $states.input.columns & ' from sales' %}; values go into parameters.`,
  );
};

/** What a state gives its base: it is bounded, and tells which files its SQL is from. */
const stateProps = (props: TaskProps, { pattern, sources = [] }: InvokerTask): TaskProps => {
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
const metricsOf = (invoker: LambdaFunction): TaskMetricsConfig => ({
  metricPrefixSingular: 'LambdaFunction',
  metricPrefixPlural: 'LambdaFunctions',
  metricDimensions: { LambdaFunctionArn: invoker.functionArn },
});

/** What the role of the state machine must be allowed. */
const policiesOf = (invoker: LambdaFunction): PolicyStatement[] => [
  new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [invoker.functionArn] }),
];

const argumentsOf = (value: Record<string, unknown>, { queryLanguage }: StateLanguage): object =>
  queryLanguage === QueryLanguage.JSONATA ? { Arguments: value } : { Parameters: FieldUtils.renderObject(value) };
