import { Duration, type Stack } from 'aws-cdk-lib';
import { RedshiftTarget, SfnRedshiftTasker, type SfnRedshiftTaskerProps } from 'sfn-redshift-tasker';

/** The taskers of the stack in which scenarios run. */
export interface Taskers {
  readonly first: SfnRedshiftTasker;
  /** Beside it, with concurrency for one start at a time. */
  readonly narrow: SfnRedshiftTasker;
}

/** What of them is up to where they are deployed. */
export type TaskerProps = Partial<Pick<SfnRedshiftTaskerProps, 'removalPolicy' | 'target'>>;

/** The sweep comes seldom, so that few runs of it come while the time jumps over hours. */
const PROPS: SfnRedshiftTaskerProps = {
  target: RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' }),
  sweep: { interval: Duration.minutes(10) },
};

export const addTaskers = (stack: Stack, props: TaskerProps = {}): Taskers => ({
  first: new SfnRedshiftTasker(stack, 'First', { ...PROPS, ...props }),
  narrow: new SfnRedshiftTasker(stack, 'Narrow', { ...PROPS, ...props, invoker: { reservedConcurrency: 1 } }),
});
