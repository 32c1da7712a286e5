import { Stack, Token } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { InvokerOptions } from '../invoker-options';
import {
  RedshiftBatchExecuteStatement,
  type RedshiftBatchExecuteStatementOptions,
} from '../redshift-batch-execute-statement';
import { RedshiftCancelStatement, type RedshiftCancelStatementOptions } from '../redshift-cancel-statement';
import { RedshiftDataCheck, type RedshiftDataCheckOptions } from '../redshift-data-check';
import { RedshiftExecuteStatement, type RedshiftExecuteStatementOptions } from '../redshift-execute-statement';
import { RedshiftGetStatementResult, type RedshiftGetStatementResultOptions } from '../redshift-get-statement-result';
import type { RedshiftTarget } from '../redshift-target';
import type { ITaskerTarget } from '../tasker-target';
import { checkInvoker } from './check-props';
import { letActAs, rolesOf } from './completers';
import { DEFAULT_TARGET_ID, invokerService } from './handler-environment';
import { createTargetInvoker, ownersOf, type SharedParts, type TargetInvoker, targetRole } from './target-invoker';
import { type CountName, countMetric } from './tasker-metrics';
import { checkText, refuse } from './validation';

/** It becomes part of a metric's dimension and of every row. */
const ID = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** The targets of one tasker beside its own. */
export class TaskerTargets extends Construct {
  /** The roles of all invokers, by the id of their target. */
  private readonly roles: Map<string, IRole>;

  public constructor(
    private readonly tasker: Construct & ITaskerTarget,
    private readonly shared: SharedParts,
    ownRole: IRole,
  ) {
    super(tasker, 'Targets');
    this.roles = new Map([[DEFAULT_TARGET_ID, ownRole]]);
  }

  /** @throws Error naming what of it cannot be. */
  public add(id: string, redshift: RedshiftTarget, options: InvokerOptions): ITaskerTarget {
    this.check(id, options);
    const { shared } = this;
    return new Target(this, id, this.tasker, shared.environment.metricsNamespace, (scope) => {
      const one = { id, target: redshift._connect(Stack.of(this)), options };
      const role = targetRole(scope, `addTarget(${id}).role`, one, shared.completerRoles);
      const ready = [...shared.ready, ...letActAs(scope, shared.completerRoles, ownersOf(role, one))];
      this.roles.set(id, role.role);
      return createTargetInvoker(scope, { ...shared, ready }, one, role);
    });
  }

  private check(id: string, options: InvokerOptions): void {
    const rule = 'must be 1 to 64 letters, digits or any of . _ -, a letter or digit first';
    if (Token.isUnresolved(id)) refuse('addTarget.id', `${rule}, and known at synthesis`, '(a token)');
    checkText('addTarget.id', id, ID, rule);
    if (this.roles.has(id)) {
      refuse(
        'addTarget.id',
        `must differ from those of the tasker's other targets (${[...this.roles.keys()].join(', ')})`,
        id,
      );
    }
    checkInvoker(options, `addTarget(${id})`);
    if (options.role) this.checkRole(`addTarget(${id}).role`, options.role);
  }

  /** A role that two invokers run with would see the statements of both; one of the completers may assume all of them. */
  private checkRole(property: string, role: IRole): void {
    const others = [...this.roles.values(), ...rolesOf(this.shared.completerRoles)];
    if (!others.some(({ roleArn }) => roleArn === role.roleArn)) return;
    refuse(property, 'must be the role of no other function of the tasker', role.node.path);
  }
}

class Target extends Construct implements ITaskerTarget {
  public readonly invoker: LambdaFunction;
  public readonly serviceToken: string;

  public constructor(
    scope: Construct,
    public readonly targetId: string,
    private readonly tasker: ITaskerTarget,
    private readonly metricsNamespace: string,
    createIn: (scope: Construct) => TargetInvoker,
  ) {
    super(scope, targetId);
    const { invoker, serviceToken } = createIn(this);
    this.invoker = invoker;
    this.serviceToken = serviceToken;
  }

  public grantInvoke(grantee: IGrantable): Grant {
    return this.invoker.grantInvokeLatestVersion(grantee);
  }

  public grantResultsTo(bucket: IBucket, prefix?: string): void {
    this.tasker.grantResultsTo(bucket, prefix);
  }

  public executeStatement(
    scope: Construct,
    id: string,
    props: RedshiftExecuteStatementOptions,
  ): RedshiftExecuteStatement {
    return new RedshiftExecuteStatement(scope, id, { ...props, tasker: this });
  }

  public batchExecuteStatement(
    scope: Construct,
    id: string,
    props: RedshiftBatchExecuteStatementOptions,
  ): RedshiftBatchExecuteStatement {
    return new RedshiftBatchExecuteStatement(scope, id, { ...props, tasker: this });
  }

  public dataCheck(scope: Construct, id: string, props: RedshiftDataCheckOptions): RedshiftDataCheck {
    return new RedshiftDataCheck(scope, id, { ...props, tasker: this });
  }

  public getStatementResult(
    scope: Construct,
    id: string,
    props: RedshiftGetStatementResultOptions,
  ): RedshiftGetStatementResult {
    return new RedshiftGetStatementResult(scope, id, { ...props, tasker: this });
  }

  public cancelStatement(scope: Construct, id: string, props: RedshiftCancelStatementOptions): RedshiftCancelStatement {
    return new RedshiftCancelStatement(scope, id, { ...props, tasker: this });
  }

  public metricStatementsStarted(options?: MetricOptions): Metric {
    return this.count('statementStarted', options);
  }

  public metricStartsRefused(options?: MetricOptions): Metric {
    return this.count('startRefused', options);
  }

  public metricStartsUncertain(options?: MetricOptions): Metric {
    return this.count('startUncertain', options);
  }

  private count(name: CountName, options?: MetricOptions): Metric {
    return countMetric(this.metricsNamespace, invokerService(this.targetId), name, options);
  }
}
