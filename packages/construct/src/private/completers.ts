import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { createDrain, drainRole } from './drain-function';
import type { CommonEnvironment } from './handler-environment';
import { type HandlerRole, letRole } from './handler-role';
import { actAsFurtherOwner, actAsOwner } from './role-policies';
import { logGroupOf } from './storage';
import type { Surroundings } from './surroundings';
import { createSweep, sweepRole } from './sweep-function';

/** The roles of drain and sweep. */
export interface CompleterRoles {
  readonly drain: HandlerRole;
  readonly sweep: HandlerRole;
}

export const completerRoles = (scope: Construct, { completer, sweep }: SfnRedshiftTaskerProps): CompleterRoles => ({
  drain: drainRole(scope, completer?.role),
  sweep: sweepRole(scope, sweep?.role),
});

export const rolesOf = ({ drain, sweep }: CompleterRoles): IRole[] => [drain.role, sweep.role];

export interface CompletersProps {
  readonly surroundings: Surroundings;
  readonly environment: CommonEnvironment;
  readonly roles: CompleterRoles;
  /** The roles that own the statements of the tasker's own target. */
  readonly owners: readonly IRole[];
  /** Whether there is a rule that tells of executions that have ended. */
  readonly hearsOfExecutions: boolean;
}

export const createCompleters = (scope: Construct, props: SfnRedshiftTaskerProps, of: CompletersProps) => {
  const { surroundings, environment, roles, owners, hearsOfExecutions } = of;
  const { storage, queues, network } = surroundings;
  const common = { environment, network };
  const resourcesWith = (logGroup: ILogGroup) => ({
    logGroup,
    table: storage.table,
    inVpc: network.vpc !== undefined,
    actAsOwners: actAsOwner(owners),
  });
  const options = { drain: props.completer ?? {}, sweep: props.sweep ?? {} };
  const drainLogGroup = logGroupOf(scope, 'DrainLogGroup', options.drain.logGroup, storage.logGroups);
  const sweepLogGroup = logGroupOf(scope, 'SweepLogGroup', options.sweep.logGroup, storage.logGroups);
  const drain = createDrain(scope, {
    ...common,
    options: options.drain,
    role: roles.drain,
    resources: { ...resourcesWith(drainLogGroup), completionQueue: queues.completionQueue, hearsOfExecutions },
  });
  const sweep = createSweep(scope, {
    ...common,
    options: options.sweep,
    role: roles.sweep,
    resources: resourcesWith(sweepLogGroup),
  });
  return { drain, sweep };
};

/**
 * Lets both act as the owners of one more target's statements.
 *
 * @param scope of that target
 * @returns what must be there before one of those starts
 */
export const letActAs = (scope: Construct, roles: CompleterRoles, owners: readonly IRole[]) => {
  const rights = () => ({ statements: [actAsFurtherOwner(owners)], acknowledgements: {} });
  return [
    ...letRole(scope, roles.drain, { handler: 'Drain', ...rights() }),
    ...letRole(scope, roles.sweep, { handler: 'Sweep', ...rights() }),
  ];
};
