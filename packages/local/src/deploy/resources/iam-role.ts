import type { Account } from '../../common/account.ts';
import { iamArn } from '../../common/arn.ts';
import type { PolicyDocument } from '../../common/service.ts';
import { awsManagedPolicy } from '../aws-managed-policies.ts';
import type { Properties } from '../properties.ts';
import { type DeployContext, nameOf, type Resource, type ResourceType } from '../resource.ts';

export const iamRole: ResourceType = {
  replacement: ['Path', 'RoleName'],
  plan: (resource, context) => {
    const { properties } = resource;
    const { identities } = context.parts;
    const role = roleOf(resource, context.account);
    const policies = policiesOf(properties, context);
    const put = () => {
      identities.putRole(role);
      for (const [policyName, document] of policies) identities.putRolePolicy(role.name, policyName, document);
    };
    return {
      physicalId: role.name,
      attributes: { Arn: role.arn },
      create: put,
      update: (existing) => {
        for (const name of policyNamesOf(existing.properties)) identities.deleteRolePolicy(role.name, name);
        put();
      },
      delete: () => identities.deleteRole(role.name),
    };
  },
};

const roleOf = (resource: Resource, account: Account) => {
  const { properties } = resource;
  const name = nameOf(resource, 'RoleName', { longest: 64 });
  const arn = iamArn(account, `role${properties.string('Path') ?? '/'}${name}`);
  const trustPolicy = properties.policy('AssumeRolePolicyDocument', 'trust');
  const maxSessionDurationSeconds = properties.integer('MaxSessionDuration', { from: 3600, to: 43_200 });
  properties.withoutEffect('Description', 'Tags');
  return { name, arn, trustPolicy, ...(maxSessionDurationSeconds && { maxSessionDurationSeconds }) };
};

const policiesOf = (properties: Properties, context: DeployContext): readonly NamedPolicy[] => [
  ...inlinePolicies(properties),
  ...attachedPolicies(properties, context),
];

/** Those that the role itself names; others may have been added by policies that name the role. */
const policyNamesOf = (properties: Properties): readonly string[] => [
  ...properties.objects('Policies').map((policy) => policy.requiredString('PolicyName')),
  ...properties.strings('ManagedPolicyArns'),
];

type NamedPolicy = readonly [name: string, document: PolicyDocument];

const inlinePolicies = (properties: Properties): readonly NamedPolicy[] =>
  properties
    .objects('Policies')
    .map((policy) => [policy.requiredString('PolicyName'), policy.policy('PolicyDocument', 'identity')] as const);

const attachedPolicies = (properties: Properties, context: DeployContext): readonly NamedPolicy[] =>
  properties.strings('ManagedPolicyArns').flatMap((arn) => {
    const document = context.managedPolicies.get(arn) ?? awsManagedPolicy(arn);
    if (document) return [[arn, document] as const];
    properties.refuse('ManagedPolicyArns', `names ${arn}, which neither the assembly nor the stage knows`);
    return [];
  });
