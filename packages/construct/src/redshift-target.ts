import type { Stack } from 'aws-cdk-lib';
import { connectTarget } from './private/connect-target';
import { asDatabaseUser, asIdentityOnCluster, asIdentityOnWorkgroup, withSecret } from './private/login';
import type { TargetConnection } from './private/target-connection';
import { cluster, workgroup } from './private/warehouse';
import type {
  RedshiftClusterIdentityTargetProps,
  RedshiftClusterSecretTargetProps,
  RedshiftClusterTargetProps,
  RedshiftServerlessSecretTargetProps,
  RedshiftServerlessTargetProps,
} from './redshift-target-props';

/**
 * Where statements run, and how the tasker is let in. Each way to connect has its factory. All need
 * `redshift-data:ExecuteStatement` on the cluster or workgroup; what else they need is said with each.
 *
 * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html
 */
export class RedshiftTarget {
  /**
   * A provisioned cluster, entered as a database user with temporary credentials: `redshift:GetClusterCredentials` on the
   * database and the user.
   *
   * @throws Error naming the property when a value is not one that Redshift can hold.
   */
  public static cluster(props: RedshiftClusterTargetProps): RedshiftTarget {
    return new RedshiftTarget(connectTarget(props, cluster(props), asDatabaseUser(props)));
  }

  /**
   * A provisioned cluster, entered as the database user of the IAM identity, `IAMR:` and the name of the role that owns
   * statements: `redshift:GetClusterCredentialsWithIAM` on the database. Redshift makes the user when it first comes.
   *
   * @throws Error naming the property when a value is not one that Redshift can hold.
   */
  public static clusterWithIamIdentity(props: RedshiftClusterIdentityTargetProps): RedshiftTarget {
    return new RedshiftTarget(connectTarget(props, cluster(props), asIdentityOnCluster(props)));
  }

  /**
   * A provisioned cluster, entered with the database user and password of a secret: `secretsmanager:GetSecretValue` on the
   * secret, and `kms:Decrypt` with its key where that is one of yours.
   *
   * @throws Error naming the property when a value is not one that Redshift can hold.
   */
  public static clusterWithSecret(props: RedshiftClusterSecretTargetProps): RedshiftTarget {
    return new RedshiftTarget(connectTarget(props, cluster(props), withSecret(props)));
  }

  /**
   * A serverless workgroup, entered as the database user of the IAM identity, `IAMR:` and the name of the role that owns
   * statements: `redshift-serverless:GetCredentials` on the workgroup. Redshift makes the user when it first comes.
   *
   * @throws Error naming the property when a value is not one that Redshift can hold.
   */
  public static serverless(props: RedshiftServerlessTargetProps): RedshiftTarget {
    return new RedshiftTarget(connectTarget(props, workgroup(props), asIdentityOnWorkgroup(props)));
  }

  /**
   * A serverless workgroup, entered with the database user and password of a secret: `secretsmanager:GetSecretValue` on the
   * secret, and `kms:Decrypt` with its key where that is one of yours.
   *
   * @throws Error naming the property when a value is not one that Redshift can hold.
   */
  public static serverlessWithSecret(props: RedshiftServerlessSecretTargetProps): RedshiftTarget {
    return new RedshiftTarget(connectTarget(props, workgroup(props), withSecret(props)));
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
