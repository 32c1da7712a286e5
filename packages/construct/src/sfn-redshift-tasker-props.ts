import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
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
   * The tracking table, of this tasker alone. One of this app must have the keys, indexes and expiry that the tasker's own
   * would have; for an imported one a warning prints them. It is encrypted as its owner has it; one that is imported and
   * encrypted with a key of yours must be imported with that key (`Table.fromTableAttributes`).
   *
   * @default - a table is made
   */
  readonly table?: ITable;

  /**
   * The queue of completion events, of this tasker alone: a standard queue with a dead-letter queue, a `maxReceiveCount` of 5 or
   * more and a visibility timeout of six times `completer.timeout` or more. The policies of a queue of this app and of its
   * key get the statements that they need; for an imported one a warning prints them.
   *
   * @default - a queue is made
   */
  readonly completionQueue?: IQueue;

  /**
   * Where completion events go that could not be handled: a standard queue. With a `completionQueue` of this app it is that
   * one's, and need not be given; with an imported one it must be.
   *
   * @default - a queue is made
   */
  readonly completionDeadLetterQueue?: IQueue;

  /**
   * Where asynchronous invocations of the invokers go that failed: a standard queue.
   *
   * @default - a queue is made
   */
  readonly invokerDeadLetterQueue?: IQueue;

  /**
   * Where events go that EventBridge could not bring to the completion queue: a standard queue. The policies of a queue of
   * this app and of its key get the statements that they need; for an imported one a warning prints them.
   *
   * @default - a queue is made
   */
  readonly ruleDeadLetterQueue?: IQueue;

  /**
   * The network that the functions work in. They must reach the APIs of the Redshift Data API, Step Functions, DynamoDB, SQS,
   * STS and CloudWatch Logs from there: through a NAT gateway or VPC endpoints. The cluster itself is not called.
   *
   * @default - none: the functions reach the APIs by way of Lambda's own network
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of `vpc` that the functions work in.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the functions in `vpc`. They must be let out to the APIs (HTTPS).
   *
   * @default - a group for each function is made, which lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * How long the row of a statement is kept, in whole days, 6 or more: so long an event may be on its way. For as long,
   * repeating a request does not run its statement again. A change is for statements that start later.
   *
   * @default Duration.days(14) - as long as a Step Functions execution can be redriven
   */
  readonly recordRetention?: Duration;

  /**
   * How long log lines are kept in the log groups that are made.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * What becomes of the key, the tracking table and the log groups that are made when they leave the stack. The queues are
   * always deleted. What is supplied is its owner's affair.
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
