import type { Stack } from 'aws-cdk-lib';
import { ArnFormat } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RedshiftClusterTargetProps } from '../redshift-target';
import { ENVIRONMENT } from './contract.generated';
import type { TargetConnection } from './target-connection';
import { checkText } from './validation';

// What CreateCluster accepts.
const CLUSTER_IDENTIFIER = /^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/;

// What GetClusterCredentials accepts. It also keeps wildcards and separators out of the ARNs below.
const DATABASE_NAME = /^[\w+.@$-]{1,127}$/;

/** @throws Error naming the property. */
export const clusterWithDatabaseUser = (props: RedshiftClusterTargetProps): ((stack: Stack) => TargetConnection) => {
  const { clusterIdentifier, database, dbUser } = props;
  const name = 'must be 1 to 127 letters, digits or any of _ + . @ $ -';
  checkText(
    'clusterIdentifier',
    clusterIdentifier,
    CLUSTER_IDENTIFIER,
    'must be the identifier of a cluster (1 to 63 lower-case letters, digits and single hyphens, a letter first)',
  );
  checkText('database', database, DATABASE_NAME, name);
  checkText('dbUser', dbUser, DATABASE_NAME, name);
  return (stack) => ({ environment: environmentOf(props), statements: statementsOf(stack, props) });
};

const environmentOf = ({ clusterIdentifier, database, dbUser }: RedshiftClusterTargetProps) => ({
  [ENVIRONMENT.clusterIdentifier]: clusterIdentifier,
  [ENVIRONMENT.database]: database,
  [ENVIRONMENT.dbUser]: dbUser,
});

const statementsOf = (stack: Stack, { clusterIdentifier, database, dbUser }: RedshiftClusterTargetProps) => {
  const redshiftArn = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'redshift', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return [
    new PolicyStatement({
      sid: 'StartStatements',
      actions: ['redshift-data:ExecuteStatement'],
      resources: [redshiftArn('cluster', clusterIdentifier)],
    }),
    // The Data API asks for these credentials on behalf of its caller.
    new PolicyStatement({
      sid: 'EnterCluster',
      actions: ['redshift:GetClusterCredentials'],
      resources: [
        redshiftArn('dbname', `${clusterIdentifier}/${database}`),
        redshiftArn('dbuser', `${clusterIdentifier}/${dbUser}`),
      ],
    }),
  ];
};
