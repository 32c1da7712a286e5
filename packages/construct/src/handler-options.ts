import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';

/** What every Lambda function of a tasker can be told. */
export interface HandlerOptions {
  /**
   * Memory of the function in MiB, 128 to 10,240; CPU grows with it.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * Further environment variables, such as `POWERTOOLS_LOG_LEVEL`. Those that the tasker sets, and those that Lambda keeps for
   * itself, are refused by name.
   *
   * @default - those that the tasker sets
   */
  readonly environment?: { [name: string]: string };

  /**
   * The role that the function runs with, trusted to `lambda.amazonaws.com`. It is given a policy of its own beside those that it
   * has. For one that is imported as not to be changed, or from another account, a warning prints what it must hold.
   *
   * @default - a role is made
   */
  readonly role?: IRole;

  /**
   * Where the function logs. Retention, key and removal are up to its owner.
   *
   * @default - a log group is made
   */
  readonly logGroup?: ILogGroup;
}
