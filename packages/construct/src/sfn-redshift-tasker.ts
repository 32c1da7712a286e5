import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IRule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DurableFunctionOptions } from './durable-function-options';
import type { InvokerOptions } from './invoker-options';
import { checkProps } from './private/check-props';
import type { CompleterRoles } from './private/completers';
import { METRICS_NAMESPACE, SERVICES } from './private/contract.generated';
import { createTasker } from './private/create-tasker';
import { letAnswer, letInvoke } from './private/durable-function';
import { DEFAULT_TARGET_ID } from './private/handler-environment';
import { letWriteResults } from './private/results-bucket';
import type { CountName } from './private/tasker-metrics';
import { TaskerTarget } from './private/tasker-target';
import { TaskerTargets } from './private/tasker-targets';
import type { RedshiftTarget } from './redshift-target';
import type { SfnRedshiftTaskerProps } from './sfn-redshift-tasker-props';
import type { ITaskerTarget } from './tasker-target';

/**
 * Lets a Step Functions state run SQL on Amazon Redshift and complete when the SQL completes, without a polling loop.
 *
 * A state invokes `invoker` with its task token and the SQL. The invoker starts the statement and returns; when Redshift
 * tells that the statement has ended, `drain` answers the token with the outcome; `sweep` does where Redshift's word is lost.
 */
export class SfnRedshiftTasker extends TaskerTarget {
  /** Starts, describes and cancels statements and reads results. Task states invoke it. */
  public readonly invoker: LambdaFunction;

  /** Answers the tasks whose statements have ended. */
  public readonly drain: LambdaFunction;

  /**
   * Answers the tasks of statements whose end no event told; runs by `sweepSchedule`. AWS calls the delivery of these events
   * best effort.
   */
  public readonly sweep: LambdaFunction;

  /** Runs the sweep. */
  public readonly sweepSchedule: IRule;

  /** Remembers every statement until its task is answered, and for a while after. */
  public readonly table: ITable;

  /** Holds the events of statements that have ended, until the drain has handled them. */
  public readonly completionQueue: IQueue;

  /** Where completion events go that could not be handled. A message in it is a task that may still wait. */
  public readonly completionDeadLetterQueue: IQueue;

  /** Where asynchronous invocations of the invoker go that failed. Synchronous callers see the exception. */
  public readonly invokerDeadLetterQueue: IQueue;

  /** Where events go that EventBridge could not bring to the completion queue. */
  public readonly ruleDeadLetterQueue: IQueue;

  /** Brings the events of this tasker's own statements to the completion queue. */
  public readonly completionRule: IRule;

  /**
   * Tells the drain of executions that were stopped, timed out or failed, so that what they left running is cancelled;
   * undefined when none is watched.
   */
  public readonly executionRule?: IRule;

  /** The customer-managed key that protects what is stored; undefined when AWS's own keys do. */
  public readonly encryptionKey?: IKey;

  /**
   * The `serviceToken` of custom resources whose SQL this tasker runs: the ARN of the invoker, as a token. It brings the
   * dependencies along: a resource that uses it is created after all of the tasker, and deleted before any of it.
   */
  public readonly serviceToken: string;

  /** Begins the name of every statement that this tasker starts, and of no other. A token: it holds the stack's id. */
  public readonly statementNamePrefix: string;

  private readonly targets: TaskerTargets;

  private readonly completerRoles: CompleterRoles;

  /** @throws Error naming the property when a value is out of range. */
  constructor(scope: Construct, id: string, props: SfnRedshiftTaskerProps) {
    const metricsNamespace = props.metricsNamespace ?? METRICS_NAMESPACE;
    super(scope, id, { targetId: DEFAULT_TARGET_ID, metricsNamespace, sweep: props.sweep });
    checkProps(props);
    const { storage, queues, shared, ...parts } = createTasker(this, props, metricsNamespace);
    this.invoker = parts.invoker;
    this.drain = parts.drain;
    this.sweep = parts.sweep;
    this.sweepSchedule = parts.sweepSchedule;
    this.completionRule = parts.completionRule;
    this.executionRule = parts.executionRule;
    this.serviceToken = parts.serviceToken;
    this.statementNamePrefix = parts.statementNamePrefix;
    this.table = storage.table;
    this.encryptionKey = storage.encryptionKey;
    this.completionQueue = queues.completionQueue;
    this.completionDeadLetterQueue = queues.completionDeadLetterQueue;
    this.invokerDeadLetterQueue = queues.invokerDeadLetterQueue;
    this.ruleDeadLetterQueue = queues.ruleDeadLetterQueue;
    this.completerRoles = shared.completerRoles;
    this.targets = new TaskerTargets(this, shared, parts.invoker.role as IRole);
  }

  /**
   * Adds an invoker for another user, database, cluster or workgroup. It shares everything with that of `target` but its
   * role, log group and options: neither can enter Redshift as the other, nor see the other's statements, by id or as `LATEST`.
   * One `idempotencyKey`, and one `lock`, is the same for all targets.
   *
   * Let what a target has started end before you remove it. What is still open is told by its events, but with the role gone
   * nobody can read why it failed, cancel it, or make up for an event that is lost.
   *
   * @param id unlike that of any other target, and not `default`, which is that of the tasker's own; it stands in rows of
   *   statements and in the dimension `service` of metrics (`invoker-ID`). With another id it is another target
   * @param target where statements run, and how the tasker is let in
   * @param options how the function runs
   * @throws Error naming what is wrong with the id or the options.
   */
  public addTarget(id: string, target: RedshiftTarget, options: InvokerOptions = {}): ITaskerTarget {
    return this.targets.add(id, target, options);
  }

  /**
   * Lets a Lambda durable function wait for statements: it may invoke `invoker`, and the completers may answer its callbacks,
   * whatever version of it runs. To let it use another target, call that one's `grantInvoke` with it.
   *
   * @param durableFunction the function, or a version or an alias of it; added once
   * @throws Error naming what is wrong with the function
   */
  public addDurableFunction(durableFunction: IFunction, options: DurableFunctionOptions = {}): void {
    letAnswer(this, durableFunction, options, this.completerRoles);
    letInvoke(durableFunction, this.invoker);
  }

  /** The same as `invoker`. */
  public get lambdaFunction(): LambdaFunction {
    return this.invoker;
  }

  /** The same as `table`. */
  public get trackingTable(): ITable {
    return this.table;
  }

  /**
   * Lets results be written to the bucket: what requests ask for whose `result.s3` names it. Whoever may invoke the invoker can
   * then have rows written there. Of a bucket in another account, or with an imported key, the policy must allow it as well.
   *
   * @param bucket where results go; a life-cycle rule of it should end uploads that were never finished
   * @param prefix what the keys of results begin with; without one, results may go anywhere in the bucket
   */
  public grantResultsTo(bucket: IBucket, prefix?: string): void {
    letWriteResults(this, this.completerRoles, bucket, prefix);
  }

  /** Statements that ended as FAILED. Sum over five minutes, unless the options say otherwise. */
  public metricStatementsFailed(options?: MetricOptions): Metric {
    return this.count('drain', 'statementFailed', options);
  }

  /** Statements that ended as ABORTED: cancelled. Sum over five minutes, unless the options say otherwise. */
  public metricStatementsAborted(options?: MetricOptions): Metric {
    return this.count('drain', 'statementAborted', options);
  }

  /**
   * Statements that finished while their task failed for the rows: they did not fit, could not be read or written to S3, or were not
   * what a check expects. Sum over five minutes, unless the options say otherwise.
   */
  public metricResultsFailed(options?: MetricOptions): Metric {
    return this.count('drain', 'resultFailed', options);
  }

  /**
   * Statements that were cancelled because the execution that waited for them was stopped, timed out or failed. Sum over
   * five minutes, unless the options say otherwise.
   */
  public metricStatementsCancelled(options?: MetricOptions): Metric {
    return this.count('drain', 'statementCancelled', options);
  }

  /**
   * Statements that the sweep has cancelled because it has found that nobody waits for them any more. Sum over five
   * minutes, unless the options say otherwise.
   */
  public metricOrphansCancelled(options?: MetricOptions): Metric {
    return this.count('sweep', 'statementCancelled', options);
  }

  /**
   * Statements that the sweep has cancelled because they ran longer than the `maxRuntimeSeconds` of their request. Sum over
   * five minutes, unless the options say otherwise.
   */
  public metricStatementsOverran(options?: MetricOptions): Metric {
    return this.count('sweep', 'statementOverran', options);
  }

  /**
   * Cancels that the Data API has refused: a statement that nobody waits for may run on. Sum over five minutes, unless the
   * options say otherwise.
   */
  public metricCancelsRefused(options?: MetricOptions): Metric {
    return this.count('drain', 'cancelRefused', options);
  }

  /** Tasks that were told the outcome of their statement. Sum over five minutes, unless the options say otherwise. */
  public metricCallbacksDelivered(options?: MetricOptions): Metric {
    return this.count('drain', 'callbackDelivered', options);
  }

  /**
   * Outcomes that no task was waiting for any more: it had timed out, or its execution was stopped. Sum over five minutes,
   * unless the options say otherwise.
   */
  public metricCallbacksUndeliverable(options?: MetricOptions): Metric {
    return this.count('drain', 'callbackUndeliverable', options);
  }

  /**
   * Messages that could not be settled and will be received again. Rises while a service that the drain needs is out of
   * order. Sum over five minutes, unless the options say otherwise.
   */
  public metricMessagesRetried(options?: MetricOptions): Metric {
    return this.count('drain', 'messageRetried', options);
  }

  /**
   * Tasks that an event should have answered and the sweep had to. A few are the normal loss of EventBridge; many mean that
   * events do not arrive. Sum over five minutes, unless the options say otherwise.
   */
  public metricStatementsRescued(options?: MetricOptions): Metric {
    return this.count('sweep', 'statementRescued', options);
  }

  /**
   * Open statements that the sweep could not look at, such as those of an owner role that it may not assume. Sum over five
   * minutes, unless the options say otherwise.
   */
  public metricSweepChecksFailed(options?: MetricOptions): Metric {
    return this.count('sweep', 'sweepCheckFailed', options);
  }

  private count(service: 'drain' | 'sweep', name: CountName, options?: MetricOptions): Metric {
    return this._countOf(SERVICES[service], name, options);
  }
}
