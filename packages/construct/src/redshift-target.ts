import type { Stack } from 'aws-cdk-lib';
import { clusterWithDatabaseUser } from './private/cluster-target';
import type { TargetConnection } from './private/target-connection';

/** A provisioned cluster, entered as a database user with temporary credentials. */
export interface RedshiftClusterTargetProps {
  /** Identifier of the cluster, in the account and region of the stack. */
  readonly clusterIdentifier: string;

  /** Database that statements run in. */
  readonly database: string;

  /** Database user that statements run as. It must exist: it is never created. */
  readonly dbUser: string;
}

/** Where statements run, and how the tasker is let in. */
export class RedshiftTarget {
  /**
   * A provisioned cluster, entered as a database user with temporary credentials (`redshift:GetClusterCredentials`).
   *
   * @throws Error naming the property when a value is not one that Redshift can hold.
   */
  public static cluster(props: RedshiftClusterTargetProps): RedshiftTarget {
    return new RedshiftTarget(clusterWithDatabaseUser(props));
  }

  private constructor(private readonly connect: (stack: Stack) => TargetConnection) {}

  /**
   * What an invoker in this stack needs to reach the target.
   *
   * @internal
   */
  public _connect(stack: Stack): TargetConnection {
    return this.connect(stack);
  }
}
