import { warehouseArn, workgroupId } from '../../redshift-data/warehouses.ts';
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

/** Known to the template only: the Data API speaks to workgroups. */
export const redshiftServerlessNamespace: ResourceType = {
  replacement: ['NamespaceName'],
  plan: ({ properties }) => {
    const name = properties.requiredString('NamespaceName');
    properties.withoutEffect(...NAMESPACE_WITHOUT_EFFECT);
    const nothing = () => undefined;
    const attributes = { 'Namespace.NamespaceName': name };
    return { physicalId: name, attributes, create: nothing, update: nothing, delete: nothing };
  },
};

/** A workgroup exists for the Data API from here on. */
export const redshiftServerlessWorkgroup: ResourceType = {
  replacement: ['NamespaceName', 'WorkgroupName'],
  plan: (resource, { account, parts: { warehouses } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'WorkgroupName', { longest: 64, lowerCase: true });
    const workgroup = { kind: 'workgroup', name } as const;
    properties.string('NamespaceName');
    properties.withoutEffect(...WORKGROUP_WITHOUT_EFFECT);
    return {
      physicalId: name,
      attributes: {
        'Workgroup.WorkgroupArn': warehouseArn(account, workgroup),
        'Workgroup.WorkgroupId': workgroupId(name),
        'Workgroup.WorkgroupName': name,
      },
      create: () => warehouses.add(workgroup),
      update: () => undefined,
      delete: () => warehouses.remove(workgroup),
    };
  },
};
