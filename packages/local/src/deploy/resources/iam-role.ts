import { iamArn } from '../../common/arn.ts';
import type { PolicyDocument } from '../../common/service.ts';
import { type RoleDescription, roleId } from '../../iam/roles.ts';
import { awsManagedPolicy } from '../aws-managed-policies.ts';
import type { Properties } from '../properties.ts';
import { type DeployContext, nameOf, type Resource, type ResourceType } from '../resource.ts';

export const iamRole: ResourceType = {
  replacement: ['Path', 'RoleName'],
  plan: (resource, context) => {
    const { identities } = context.parts;
    const role = roleOf(resource, context);
    const ofAws = awsPolicies(role, resource.properties, context);
    const put = () => {
      for (const [arn, document] of ofAws) identities.putManagedPolicy(arn, document);
      identities.putRole(role);
    };
    return {
      physicalId: role.name,
      attributes: { Arn: role.arn, RoleId: roleId(role.arn) },
      create: put,
      update: put,
      delete: () => identities.deleteRole(role.name),
    };
  },
};

const roleOf = (resource: Resource, { account }: DeployContext): RoleDescription => {
  const { properties } = resource;
  const name = nameOf(resource, 'RoleName', { longest: 64 });
  const maxSessionDurationSeconds = properties.integer('MaxSessionDuration', { from: 3600, to: 43_200 });
  const permissionsBoundary = properties.string('PermissionsBoundary');
  properties.withoutEffect('Description');
  return {
    name,
    arn: iamArn(account, `role${properties.string('Path') ?? '/'}${name}`),
    trustPolicy: properties.policy('AssumeRolePolicyDocument', 'trust'),
    tags: tagsOf(properties),
    policies: inlinePolicies(properties),
    managedPolicyArns: properties.strings('ManagedPolicyArns'),
    ...(maxSessionDurationSeconds !== undefined && { maxSessionDurationSeconds }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
  };
};

const tagsOf = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    properties.objects('Tags').map((tag) => [tag.requiredString('Key'), tag.requiredString('Value')] as const),
  );

const inlinePolicies = (properties: Properties): Record<string, PolicyDocument> =>
  Object.fromEntries(
    properties
      .objects('Policies')
      .map((policy) => [policy.requiredString('PolicyName'), policy.policy('PolicyDocument', 'identity')] as const),
  );

/** AWS's own policies are made with the first role that names them; those of the assembly make themselves. */
const awsPolicies = (role: RoleDescription, properties: Properties, context: DeployContext): readonly NamedPolicy[] => [
  ...(role.managedPolicyArns ?? []).flatMap((arn) => awsPolicy(arn, 'ManagedPolicyArns', properties, context)),
  ...(role.permissionsBoundary === undefined
    ? []
    : awsPolicy(role.permissionsBoundary, 'PermissionsBoundary', properties, context)),
];

type NamedPolicy = readonly [arn: string, document: PolicyDocument];

const awsPolicy = (
  arn: string,
  property: string,
  properties: Properties,
  { managedPolicies }: DeployContext,
): readonly NamedPolicy[] => {
  const document = awsManagedPolicy(arn);
  if (document) return [[arn, document]];
  if (!managedPolicies.has(arn))
    properties.refuse(property, `names ${arn}, which neither the assembly nor the stage knows`);
  return [];
};
