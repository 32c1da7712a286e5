import { Stack, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { InvokerOptions } from '../invoker-options';
import type { RedshiftTarget } from '../redshift-target';
import type { ITaskerTarget } from '../tasker-target';
import { checkInvoker, TARGET } from './check-props';
import { checkHas } from './check-type';
import { letActAs, rolesOf } from './completers';
import { DEFAULT_TARGET_ID } from './handler-environment';
import { createTargetInvoker, ownersOf, type SharedParts, type TargetInvoker, targetRole } from './target-invoker';
import { type TargetFacts, TaskerTarget } from './tasker-target';
import { checkText, refuse } from './validation';

/** It becomes part of a metric's dimension and of every row. */
const ID = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** The targets of one tasker beside its own. */
export class TaskerTargets extends Construct {
  /** The roles of all invokers, by the id of their target. */
  private readonly roles: Map<string, IRole>;

  public constructor(
    private readonly tasker: TaskerTarget,
    private readonly shared: SharedParts,
    ownRole: IRole,
  ) {
    super(tasker, 'Targets');
    this.roles = new Map([[DEFAULT_TARGET_ID, ownRole]]);
  }

  /** @throws Error naming what of it cannot be. */
  public add(id: string, redshift: RedshiftTarget, options: InvokerOptions): ITaskerTarget {
    this.check(id, redshift, options);
    const { shared } = this;
    const facts = { targetId: id, metricsNamespace: shared.environment.metricsNamespace, sweep: this.tasker._sweep };
    return new Target(this, facts, this.tasker, (scope) => {
      const one = { id, target: redshift._connect(Stack.of(this)), options };
      const role = targetRole(scope, `addTarget(${id}).role`, one, shared.completerRoles);
      const ready = [...shared.ready, ...letActAs(scope, shared.completerRoles, ownersOf(role, one))];
      this.roles.set(id, role.role);
      return createTargetInvoker(scope, { ...shared, ready }, one, role);
    });
  }

  private check(id: string, redshift: RedshiftTarget, options: InvokerOptions): void {
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
    checkHas(`addTarget(${id}).target`, redshift, TARGET, '_connect');
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

class Target extends TaskerTarget {
  public readonly invoker: LambdaFunction;
  public readonly serviceToken: string;

  public constructor(
    scope: Construct,
    facts: TargetFacts,
    private readonly tasker: ITaskerTarget,
    createIn: (scope: Construct) => TargetInvoker,
  ) {
    super(scope, facts.targetId, facts);
    const { invoker, serviceToken } = createIn(this);
    this.invoker = invoker;
    this.serviceToken = serviceToken;
  }

  public grantResultsTo(bucket: IBucket, prefix?: string): void {
    this.tasker.grantResultsTo(bucket, prefix);
  }
}
