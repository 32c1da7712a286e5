import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CompleterOptions } from './completer-options';
import type { InvokerOptions } from './invoker-options';
import type { RedshiftTarget } from './redshift-target';
import type { SweepOptions } from './sweep-options';
import type { TaskerEncryption } from './tasker-encryption';
import type { WatchedExecutions } from './watched-executions';

/** What a tasker can be told. */
export interface SfnRedshiftTaskerProps {
  /** Where statements run, and how the tasker is let in. */
  readonly target: RedshiftTarget;

  /**
   * How the function runs that starts statements.
   *
   * @default - see the options
   */
  readonly invoker?: InvokerOptions;

  /**
   * How the queue and function run that answer the waiting tasks.
   *
   * @default - see the options
   */
  readonly completer?: CompleterOptions;

  /**
   * How the scheduled function runs that looks for statements whose end no event told.
   *
   * @default - see the options
   */
  readonly sweep?: SweepOptions;

  /**
   * The executions whose end the tasker hears of, so that what they leave running is cancelled.
   *
   * @default WatchedExecutions.all()
   */
  readonly watchedExecutions?: WatchedExecutions;

  /**
   * Which key protects task tokens, SQL, events and log lines at rest.
   *
   * @default TaskerEncryption.CUSTOMER_MANAGED
   */
  readonly encryption?: TaskerEncryption;

  /**
   * The customer-managed key. The policy of a key of this app gets the statements that it needs; for an imported key a
   * warning prints them.
   *
   * @default - a key is made, with rotation
   */
  readonly encryptionKey?: IKey;

  /**
   * How long the row of a statement is kept, in whole days, 6 or more: so long an event may be on its way. For as long,
   * repeating a request does not run its statement again. A change is for statements that start later.
   *
   * @default Duration.days(14) - as long as a Step Functions execution can be redriven
   */
  readonly recordRetention?: Duration;

  /**
   * How long log lines are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * What becomes of the key, the tracking table and the log groups when they leave the stack. The queues are always
   * deleted.
   *
   * @default RemovalPolicy.RETAIN - rows hold the task tokens of statements that may still run, and messages are readable
   * only as long as their key exists
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * CloudWatch namespace of the metrics. Taskers that share one add up.
   *
   * @default 'SfnRedshiftTasker'
   */
  readonly metricsNamespace?: string;
}
