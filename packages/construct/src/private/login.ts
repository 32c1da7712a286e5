import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type {
  RedshiftClusterIdentityTargetProps,
  RedshiftClusterSecretTargetProps,
  RedshiftClusterTargetProps,
  RedshiftServerlessSecretTargetProps,
  RedshiftServerlessTargetProps,
} from '../redshift-target-props';
import { ENVIRONMENT } from './contract.generated';
import { readSecret, secretIdOf } from './secret-access';
import { redshiftArn, type TargetPlace } from './target-place';
import { checkKeyNotAlias, checkText } from './validation';

/** What GetClusterCredentials accepts. It also keeps wildcards and separators out of the ARNs below. */
const CREDENTIALS_NAME = /^[\w+.@$-]{1,127}$/;
const CREDENTIALS_RULE = 'must be 1 to 127 letters, digits or any of _ + . @ $ -';

/** What a database can be called where its name is part of no ARN. */
const ANY_NAME = /^[^\p{C}]{1,127}$/u;
const ANY_RULE = 'must be 1 to 127 characters, none of them a control character';

/** How a database is entered: what the invoker is told of it, and what the role that owns statements needs for it. */
export interface Login {
  readonly environment: Record<string, string>;
  readonly statements: (place: TargetPlace, warehouseArn: string) => PolicyStatement[];
}

// The Data API asks for all of these credentials on behalf of its caller.

/** @throws Error naming the property. */
export const asDatabaseUser = ({ clusterIdentifier, database, dbUser }: RedshiftClusterTargetProps): Login => {
  checkText('database', database, CREDENTIALS_NAME, CREDENTIALS_RULE);
  checkText('dbUser', dbUser, CREDENTIALS_NAME, CREDENTIALS_RULE);
  return {
    environment: { [ENVIRONMENT.dbUser]: dbUser },
    statements: (place) => [
      new PolicyStatement({
        sid: 'EnterCluster',
        actions: ['redshift:GetClusterCredentials'],
        resources: [
          redshiftArn(place, 'dbname', `${clusterIdentifier}/${database}`),
          redshiftArn(place, 'dbuser', `${clusterIdentifier}/${dbUser}`),
        ],
      }),
    ],
  };
};

/** @throws Error naming the property. */
export const asIdentityOnCluster = ({ clusterIdentifier, database }: RedshiftClusterIdentityTargetProps): Login => {
  checkText('database', database, CREDENTIALS_NAME, CREDENTIALS_RULE);
  return {
    environment: {},
    statements: (place) => [
      new PolicyStatement({
        sid: 'EnterCluster',
        actions: ['redshift:GetClusterCredentialsWithIAM'],
        resources: [redshiftArn(place, 'dbname', `${clusterIdentifier}/${database}`)],
      }),
    ],
  };
};

/** @throws Error naming the property. */
export const asIdentityOnWorkgroup = ({ database }: RedshiftServerlessTargetProps): Login => {
  checkText('database', database, ANY_NAME, ANY_RULE);
  return {
    environment: {},
    statements: (_place, workgroupArn) => [
      new PolicyStatement({
        sid: 'EnterWorkgroup',
        actions: ['redshift-serverless:GetCredentials'],
        resources: [workgroupArn],
      }),
    ],
  };
};

/** @throws Error naming the property. */
export const withSecret = ({
  database,
  secret,
}: RedshiftClusterSecretTargetProps | RedshiftServerlessSecretTargetProps): Login => {
  checkText('database', database, ANY_NAME, ANY_RULE);
  checkKeyNotAlias('secret.encryptionKey', secret.encryptionKey);
  return {
    environment: { [ENVIRONMENT.secretArn]: secretIdOf(secret) },
    statements: (place) => readSecret(place, secret),
  };
};
