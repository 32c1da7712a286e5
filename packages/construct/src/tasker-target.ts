import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type {
  RedshiftBatchExecuteStatement,
  RedshiftBatchExecuteStatementOptions,
} from './redshift-batch-execute-statement';
import type { RedshiftCancelStatement, RedshiftCancelStatementOptions } from './redshift-cancel-statement';
import type { RedshiftDataCheck, RedshiftDataCheckOptions } from './redshift-data-check';
import type { RedshiftExecuteStatement, RedshiftExecuteStatementOptions } from './redshift-execute-statement';
import type { RedshiftGetStatementResult, RedshiftGetStatementResultOptions } from './redshift-get-statement-result';

/**
 * A target of a tasker, its own (which is the tasker itself) or one that was added: an invoker with a role of its own, which enters
 * Redshift as its target says and owns the statements that it starts. Everything else all targets share.
 */
export interface ITaskerTarget extends IConstruct {
  /** Which target of the tasker it is. Rows of its statements say so. */
  readonly targetId: string;

  /** Starts, describes and cancels statements of this target and reads their results. Task states invoke it. */
  readonly invoker: LambdaFunction;

  /**
   * The `serviceToken` of custom resources whose SQL runs on this target: the ARN of the invoker, as a token. A resource that uses
   * it is created after all that it needs, and deleted before any of that.
   */
  readonly serviceToken: string;

  /**
   * Lets the grantee, such as a state machine, invoke the invoker: start statements, and describe, cancel and read those of
   * this target.
   */
  grantInvoke(grantee: IGrantable): Grant;

  /**
   * Lets results be written to the bucket: what requests ask for whose `result.s3` names it. Whoever may invoke the invoker can
   * then have rows written there. Of a bucket in another account, or with an imported key, the policy must allow it as well.
   *
   * @param bucket where results go; a life-cycle rule of it should end uploads that were never finished
   * @param prefix what the keys of results begin with; without one, results may go anywhere in the bucket
   */
  grantResultsTo(bucket: IBucket, prefix?: string): void;

  /**
   * A state that runs a statement here and ends when it ends.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props the statement, and what the state does with it
   * @throws Error naming the property that cannot be.
   */
  executeStatement(scope: Construct, id: string, props: RedshiftExecuteStatementOptions): RedshiftExecuteStatement;

  /**
   * A state that runs several statements here, in one transaction unless its props say otherwise.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props the statements, and what the state does with them
   * @throws Error naming the property that cannot be.
   */
  batchExecuteStatement(
    scope: Construct,
    id: string,
    props: RedshiftBatchExecuteStatementOptions,
  ): RedshiftBatchExecuteStatement;

  /**
   * A state that runs a statement here and fails where its rows are not what was expected.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props the statement, and what its rows should be
   * @throws Error naming the property that cannot be.
   */
  dataCheck(scope: Construct, id: string, props: RedshiftDataCheckOptions): RedshiftDataCheck;

  /**
   * A state that reads a page of the result of a statement of this target.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props whose result is read, and where to begin
   * @throws Error naming the property that cannot be.
   */
  getStatementResult(
    scope: Construct,
    id: string,
    props: RedshiftGetStatementResultOptions,
  ): RedshiftGetStatementResult;

  /**
   * A state that cancels a statement of this target.
   *
   * @param scope where the state is made
   * @param id its id, which is also its name unless `stateName` says otherwise
   * @param props what is cancelled
   * @throws Error naming the property that cannot be.
   */
  cancelStatement(scope: Construct, id: string, props: RedshiftCancelStatementOptions): RedshiftCancelStatement;

  /** Statements that were started. Sum over five minutes, unless the options say otherwise. */
  metricStatementsStarted(options?: MetricOptions): Metric;

  /** Requests whose statement the Data API refused to start. Sum over five minutes, unless the options say otherwise. */
  metricStartsRefused(options?: MetricOptions): Metric;

  /**
   * Starts that ended in a time-out or an error of the service, so that it is not known whether the statement runs. Sum over five
   * minutes, unless the options say otherwise.
   */
  metricStartsUncertain(options?: MetricOptions): Metric;
}
