import { nameOf, type ResourceType } from '../resource.ts';

/** What a cluster is made of; on the stage every warehouse is the one PostgreSQL. */
const WITHOUT_EFFECT = [
  'AutomatedSnapshotRetentionPeriod',
  'ClusterParameterGroupName',
  'ClusterSubnetGroupName',
  'ClusterType',
  'DBName',
  'Encrypted',
  'IamRoles',
  'KmsKeyId',
  'ManageMasterPassword',
  'MasterUserPassword',
  'MasterUsername',
  'NodeType',
  'NumberOfNodes',
  'Port',
  'PubliclyAccessible',
  'Tags',
  'VpcSecurityGroupIds',
];

/** A cluster exists for the Data API from here on. */
export const redshiftCluster: ResourceType = {
  replacement: ['ClusterIdentifier', 'ClusterSubnetGroupName', 'DBName', 'MasterUsername'],
  plan: (resource, { parts: { warehouses } }) => {
    const name = nameOf(resource, 'ClusterIdentifier', { longest: 63, lowerCase: true });
    const cluster = { kind: 'cluster', name } as const;
    resource.properties.withoutEffect(...WITHOUT_EFFECT);
    return {
      physicalId: name,
      attributes: {},
      create: () => warehouses.add(cluster),
      update: () => undefined,
      delete: () => warehouses.remove(cluster),
    };
  },
};
