import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ServerlessWorkgroup } from './serverless-workgroup';

/** What every target can be told. */
export interface RedshiftTargetOptions {
  /** Database that statements run in. */
  readonly database: string;

  /**
   * The role that statements are started with, and that owns them: the Data API shows and cancels them to no other. The
   * invoker and both completers assume it. A role of the tasker's stack is given the policy and the trust that it needs; for
   * any other one a warning prints what it must hold. It may be of another account: the warehouse then is, too.
   *
   * @default - the role of the invoker
   */
  readonly ownerRole?: IRole;

  /**
   * The customer-managed key that the cluster, or the namespace of the workgroup, is encrypted with. The Data API stores
   * statements and results under it, and asks for that in the caller's name (`kms:CreateGrant`, `kms:DescribeKey`).
   *
   * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
   *
   * @default - the warehouse is encrypted with a key of AWS, for which no permission is needed
   */
  readonly warehouseKey?: IKey;
}

/** A provisioned cluster, entered as the database user of the IAM identity. */
export interface RedshiftClusterIdentityTargetProps extends RedshiftTargetOptions {
  /** Identifier of the cluster, in the region of the stack. */
  readonly clusterIdentifier: string;
}

/** A provisioned cluster, entered as a database user with temporary credentials. */
export interface RedshiftClusterTargetProps extends RedshiftClusterIdentityTargetProps {
  /** Database user that statements run as. It must exist: it is never created. */
  readonly dbUser: string;
}

/** A provisioned cluster, entered with the database user and password of a secret. */
export interface RedshiftClusterSecretTargetProps extends RedshiftClusterIdentityTargetProps {
  /**
   * The secret: JSON with `username` and `password`; a `dbClusterIdentifier` in it must be that of the cluster. One that is
   * imported by name or partial ARN will do. Of one that is imported and encrypted with a key of yours, the key must be told
   * too (`Secret.fromSecretAttributes`).
   */
  readonly secret: ISecret;
}

/** A serverless workgroup, entered as the database user of the IAM identity. */
export interface RedshiftServerlessTargetProps extends RedshiftTargetOptions {
  /** The workgroup, in the region of the stack. */
  readonly workgroup: ServerlessWorkgroup;
}

/** A serverless workgroup, entered with the database user and password of a secret. */
export interface RedshiftServerlessSecretTargetProps extends RedshiftServerlessTargetProps {
  /**
   * The secret: JSON with `username` and `password`. One that is imported by name or partial ARN will do. Of one that is
   * imported and encrypted with a key of yours, the key must be told too (`Secret.fromSecretAttributes`).
   */
  readonly secret: ISecret;
}
