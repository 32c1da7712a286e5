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
export const redshiftServerlessNamespace: ResourceType = ({ properties }) => {
  const name = properties.requiredString('NamespaceName');
  properties.withoutEffect(...NAMESPACE_WITHOUT_EFFECT);
  return { physicalId: name, attributes: { 'Namespace.NamespaceName': name }, create: () => undefined };
};

/** A workgroup exists for the Data API from here on. */
export const redshiftServerlessWorkgroup: ResourceType = (resource, { account, parts }) => {
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
    create: () => parts.warehouses.add(workgroup),
  };
};
