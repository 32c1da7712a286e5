import { Duration, type Stack } from 'aws-cdk-lib';
import { RedshiftTarget, SfnRedshiftTasker, type SfnRedshiftTaskerProps } from 'sfn-redshift-tasker';

/** The taskers of the stack in which scenarios run. */
export interface Taskers {
  readonly first: SfnRedshiftTasker;
  /** Beside it, with concurrency for one start at a time. */
  readonly narrow: SfnRedshiftTasker;
}

/** The sweep comes seldom, so that few runs of it come while the time jumps over hours. */
const PROPS: SfnRedshiftTaskerProps = {
  target: RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' }),
  sweep: { interval: Duration.minutes(10) },
};

export const addTaskers = (stack: Stack): Taskers => ({
  first: new SfnRedshiftTasker(stack, 'First', PROPS),
  narrow: new SfnRedshiftTasker(stack, 'Narrow', { ...PROPS, invoker: { reservedConcurrency: 1 } }),
});
