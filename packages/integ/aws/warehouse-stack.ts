import { Stack } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import type { Construct } from 'constructs';
import type { TargetChoice } from './target-choice.ts';

/** The smallest that there are. */
export const CLUSTER_NODES = 1;
export const SERVERLESS_UNITS = 8;
const NODE_TYPE = 'ra3.large';

const DATABASE = 'dev';
const USER = 'etl';

export interface MadeWarehouse {
  readonly stack: Stack;
  /** By names that do not depend on the stack, so that what uses them can be deployed and removed by itself. */
  readonly target: Exclude<TargetChoice, { readonly kind: 'create-cluster' | 'create-serverless' }>;
}

/** A stack with a warehouse for one run, where one is to be made; in the default VPC, not reachable from outside. */
export const addWarehouse = (
  app: Construct,
  id: string,
  name: string,
  kind: 'create-cluster' | 'create-serverless',
): MadeWarehouse => {
  const stack = new Stack(app, id);
  if (kind === 'create-cluster') {
    addCluster(stack, name);
    return { stack, target: { kind: 'cluster', clusterIdentifier: name, database: DATABASE, dbUser: USER } };
  }
  addWorkgroup(stack, name);
  return { stack, target: { kind: 'serverless', workgroupName: name, database: DATABASE } };
};

const addCluster = (stack: Stack, clusterIdentifier: string): CfnCluster =>
  new CfnCluster(stack, 'Cluster', {
    clusterIdentifier,
    clusterType: 'single-node',
    nodeType: NODE_TYPE,
    dbName: DATABASE,
    masterUsername: USER,
    manageMasterPassword: true,
    publiclyAccessible: false,
    automatedSnapshotRetentionPeriod: 0,
  });

const addWorkgroup = (stack: Stack, name: string): CfnWorkgroup => {
  const namespace = new CfnNamespace(stack, 'Namespace', { namespaceName: name, dbName: DATABASE });
  const workgroup = new CfnWorkgroup(stack, 'Workgroup', {
    workgroupName: name,
    namespaceName: name,
    baseCapacity: SERVERLESS_UNITS,
    publiclyAccessible: false,
  });
  workgroup.addResourceDependency(namespace);
  return workgroup;
};
