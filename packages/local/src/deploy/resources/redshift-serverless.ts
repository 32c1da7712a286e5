import { warehouseArn, workgroupId } from '../../redshift-data/warehouses.ts';
import { customerKey } from '../customer-key.ts';
import { nameOf, type ResourceType } from '../resource.ts';

const NAMESPACE_WITHOUT_EFFECT = [
  'AdminUserPassword',
  'AdminUsername',
  'DbName',
  'DefaultIamRoleArn',
  'IamRoles',
  'ManageAdminPassword',
  'Tags',
];

const WORKGROUP_WITHOUT_EFFECT = [
  'BaseCapacity',
  'EnhancedVpcRouting',
  'MaxCapacity',
  'Port',
  'PubliclyAccessible',
  'SecurityGroupIds',
  'SubnetIds',
  'Tags',
];

/** The Data API speaks to workgroups; of their namespace it is the key that matters. */
export const redshiftServerlessNamespace: ResourceType = {
  replacement: ['NamespaceName'],
  plan: ({ properties }, { parts: { keys, warehouses } }) => {
    const name = properties.requiredString('NamespaceName');
    const key = properties.string('KmsKeyId');
    properties.withoutEffect(...NAMESPACE_WITHOUT_EFFECT);
    const put = () => warehouses.putNamespace(name, customerKey(key, keys));
    const attributes = { 'Namespace.NamespaceName': name };
    return { physicalId: name, attributes, create: put, update: put, delete: () => warehouses.putNamespace(name) };
  },
};

/** A workgroup exists for the Data API from here on. */
export const redshiftServerlessWorkgroup: ResourceType = {
  replacement: ['NamespaceName', 'WorkgroupName'],
  plan: (resource, { account, parts: { warehouses } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'WorkgroupName', { longest: 64, lowerCase: true });
    const workgroup = { kind: 'workgroup', name } as const;
    const namespace = properties.string('NamespaceName');
    properties.withoutEffect(...WORKGROUP_WITHOUT_EFFECT);
    return {
      physicalId: name,
      attributes: {
        'Workgroup.WorkgroupArn': warehouseArn(account, workgroup),
        'Workgroup.WorkgroupId': workgroupId(name),
        'Workgroup.WorkgroupName': name,
      },
      create: () => warehouses.add(workgroup, { namespace }),
      update: () => undefined,
      delete: () => warehouses.remove(workgroup),
    };
  },
};
