import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  RedshiftBatchExecuteStatement,
  type RedshiftBatchExecuteStatementOptions,
} from '../redshift-batch-execute-statement';
import { RedshiftCancelStatement, type RedshiftCancelStatementOptions } from '../redshift-cancel-statement';
import { RedshiftDataCheck, type RedshiftDataCheckOptions } from '../redshift-data-check';
import { RedshiftExecuteStatement, type RedshiftExecuteStatementOptions } from '../redshift-execute-statement';
import { RedshiftGetStatementResult, type RedshiftGetStatementResultOptions } from '../redshift-get-statement-result';
import type { SweepOptions } from '../sweep-options';
import type { ITaskerTarget } from '../tasker-target';
import { invokerService } from './handler-environment';
import { type CountName, countMetric } from './tasker-metrics';

/** What a target knows of itself before anything is made. */
export interface TargetFacts {
  readonly targetId: string;
  readonly metricsNamespace: string;
  /** How the sweep of its tasker runs. */
  readonly sweep?: SweepOptions;
}

/**
 * What the tasker, as its own target, and its further targets have in common. jsii shows it as members of each.
 *
 * @internal
 */
export abstract class TaskerTarget extends Construct implements ITaskerTarget {
  /** Which target of the tasker it is; that of the tasker itself is `default`. Rows of its statements say so. */
  public readonly targetId: string;

  public abstract readonly invoker: LambdaFunction;

  public abstract readonly serviceToken: string;

  /**
   * How the sweep runs.
   *
   * @internal
   */
  public readonly _sweep: SweepOptions;

  private readonly namespace: string;

  public constructor(scope: Construct, id: string, { targetId, metricsNamespace, sweep = {} }: TargetFacts) {
    super(scope, id);
    this.targetId = targetId;
    this.namespace = metricsNamespace;
    this._sweep = sweep;
  }

  public abstract grantResultsTo(bucket: IBucket, prefix?: string): void;

  /**
   * Lets the grantee, such as a state machine, invoke the invoker: start statements, and describe, cancel and read those of
   * this target.
   */
  public grantInvoke(grantee: IGrantable): Grant {
    // Not grantInvoke: that also allows every version and alias, of which there are none.
    return this.invoker.grantInvokeLatestVersion(grantee);
  }

  /**
   * A state that runs a statement here and ends when it ends.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props the statement, and what the state does with it
   * @throws Error naming the property that cannot be.
   */
  public executeStatement(
    scope: Construct,
    id: string,
    props: RedshiftExecuteStatementOptions,
  ): RedshiftExecuteStatement {
    return new RedshiftExecuteStatement(scope, id, { ...props, tasker: this });
  }

  /**
   * A state that runs several statements here, in one transaction unless its props say otherwise.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props the statements, and what the state does with them
   * @throws Error naming the property that cannot be.
   */
  public batchExecuteStatement(
    scope: Construct,
    id: string,
    props: RedshiftBatchExecuteStatementOptions,
  ): RedshiftBatchExecuteStatement {
    return new RedshiftBatchExecuteStatement(scope, id, { ...props, tasker: this });
  }

  /**
   * A state that runs a statement here and fails where its rows are not what was expected.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props the statement, and what its rows should be
   * @throws Error naming the property that cannot be.
   */
  public dataCheck(scope: Construct, id: string, props: RedshiftDataCheckOptions): RedshiftDataCheck {
    return new RedshiftDataCheck(scope, id, { ...props, tasker: this });
  }

  /**
   * A state that reads a page of the result of a statement of this target.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props whose result is read, and where to begin
   * @throws Error naming the property that cannot be.
   */
  public getStatementResult(
    scope: Construct,
    id: string,
    props: RedshiftGetStatementResultOptions,
  ): RedshiftGetStatementResult {
    return new RedshiftGetStatementResult(scope, id, { ...props, tasker: this });
  }

  /**
   * A state that cancels a statement of this target.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props what is cancelled
   * @throws Error naming the property that cannot be.
   */
  public cancelStatement(scope: Construct, id: string, props: RedshiftCancelStatementOptions): RedshiftCancelStatement {
    return new RedshiftCancelStatement(scope, id, { ...props, tasker: this });
  }

  /**
   * Statements that were started. Sum over five minutes, unless the options say otherwise. Like the other two of starts it is
   * that of this target alone; all other metrics are of all targets.
   */
  public metricStatementsStarted(options?: MetricOptions): Metric {
    return this._countOf(invokerService(this.targetId), 'statementStarted', options);
  }

  /** Requests whose statement the Data API refused to start. Sum over five minutes, unless the options say otherwise. */
  public metricStartsRefused(options?: MetricOptions): Metric {
    return this._countOf(invokerService(this.targetId), 'startRefused', options);
  }

  /**
   * Starts that ended in a time-out or an error of the service, so that it is not known whether the statement runs. Sum
   * over five minutes, unless the options say otherwise.
   */
  public metricStartsUncertain(options?: MetricOptions): Metric {
    return this._countOf(invokerService(this.targetId), 'startUncertain', options);
  }

  /**
   * A metric that a function of this tasker counts.
   *
   * @internal
   */
  protected _countOf(service: string, name: CountName, options?: MetricOptions): Metric {
    return countMetric(this.namespace, service, name, options);
  }
}
