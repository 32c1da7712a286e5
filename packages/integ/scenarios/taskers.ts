import { Duration, type Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type ITaskerTarget,
  RedshiftTarget,
  SfnRedshiftTasker,
  type SfnRedshiftTaskerProps,
} from 'sfn-redshift-tasker';

/** The taskers of the stack in which scenarios run. */
export interface Taskers {
  readonly first: SfnRedshiftTasker;
  /** Another target of the first: the same database, entered as another user. */
  readonly other: ITaskerTarget;
  /** Beside it, with concurrency for one start at a time. */
  readonly narrow: SfnRedshiftTasker;
}

/** What of them is up to where they are deployed. */
export interface TaskerProps extends Partial<Pick<SfnRedshiftTaskerProps, 'removalPolicy' | 'target'>> {
  readonly otherTarget?: RedshiftTarget;
}

const CLUSTER = { clusterIdentifier: 'c1', database: 'dev' };

/** The sweep comes seldom, so that few runs of it come while the time jumps over hours. */
const PROPS: SfnRedshiftTaskerProps = {
  target: RedshiftTarget.cluster({ ...CLUSTER, dbUser: 'etl' }),
  sweep: { interval: Duration.minutes(10) },
};

/** Nobody has to create that user: it is named by the role, and comes to be when that first enters. */
const OTHER_TARGET = RedshiftTarget.clusterWithIamIdentity(CLUSTER);

export const addTaskers = (stack: Stack, { otherTarget = OTHER_TARGET, ...props }: TaskerProps = {}): Taskers => {
  const first = new SfnRedshiftTasker(stack, 'First', { ...PROPS, ...props });
  return {
    first,
    other: first.addTarget('Other', otherTarget, { role: otherRole(stack) }),
    narrow: new SfnRedshiftTasker(stack, 'Narrow', { ...PROPS, ...props, invoker: { reservedConcurrency: 1 } }),
  };
};

/** Under a name that PostgreSQL, too, has room for. */
const otherRole = (stack: Stack): Role =>
  new Role(stack, 'OtherRole', {
    roleName: `${stack.stackName}-other`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
