import { customerKey } from '../customer-key.ts';
import { nameOf, type ResourceType } from '../resource.ts';

/** What a cluster is made of; on the stage every warehouse is the one PostgreSQL. */
const WITHOUT_EFFECT = [
  'AutomatedSnapshotRetentionPeriod',
  'ClusterParameterGroupName',
  'ClusterSubnetGroupName',
  'ClusterType',
  'DBName',
  'IamRoles',
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
  plan: (resource, { parts: { keys, warehouses } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'ClusterIdentifier', { longest: 63, lowerCase: true });
    const cluster = { kind: 'cluster', name } as const;
    const key = properties.string('KmsKeyId');
    const isEncrypted = properties.boolean('Encrypted') ?? true;
    properties.withoutEffect(...WITHOUT_EFFECT);
    const put = () => warehouses.add(cluster, { keyArn: isEncrypted ? customerKey(key, keys) : undefined });
    return {
      physicalId: name,
      attributes: {},
      create: put,
      update: put,
      delete: () => warehouses.remove(cluster),
    };
  },
};
