import type { Account } from '../../common/account.ts';
import { arnIn } from '../../common/arn.ts';
import { AwsError } from '../../common/aws-error.ts';
import type { Credentials, RoleAssumer } from '../../common/ports.ts';
import { RedshiftError } from '../errors.ts';
import type { Target } from '../target.ts';

/** What COPY and UNLOAD need of the stage. */
export interface S3Deps {
  readonly account: Account;
  readonly roles: RoleAssumer;
  readonly endpoint: () => string;
}

export interface S3Access {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** A statement that reads or writes S3. */
export interface S3Work {
  /** `COPY` or `UNLOAD`. */
  readonly command: string;
  readonly roleArn: string;
  /** As the statement names it. */
  readonly region?: string;
  readonly statementId: string;
  readonly target: Target;
}

/**
 * S3 with the rights of the role that a statement names.
 *
 * @throws RedshiftError when the role does not let Redshift act for it, or the region is not the stage's
 */
export const accessFor = (work: S3Work, { account, roles, endpoint }: S3Deps): S3Access => {
  const { command, roleArn, region = account.region, statementId, target } = work;
  if (region !== account.region)
    throw new RedshiftError(`ERROR: ${command} option REGION '${region}' is not supported by the local stage`);
  const who = arnIn(account, 'redshift', `dbuser:${target.warehouse.name}/${target.user}`);
  // By which a role's trust policy can tell the users of a cluster apart.
  const context: Record<string, string> = target.warehouse.kind === 'cluster' ? { 'sts:ExternalId': who } : {};
  try {
    const caller = roles.assume(roleArn, 'redshift.amazonaws.com', `${command.toLowerCase()}-${statementId}`, context);
    return { endpoint: endpoint(), region, credentials: roles.credentialsFor(caller) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new RedshiftError(`ERROR: User ${who} is not authorized to assume IAM Role ${roleArn}`);
  }
};
