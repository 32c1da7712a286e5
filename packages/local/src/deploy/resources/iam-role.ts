import { iamArn } from '../../common/arn.ts';
import type { PolicyDocument } from '../../common/service.ts';
import { awsManagedPolicy } from '../aws-managed-policies.ts';
import type { Properties } from '../properties.ts';
import { type DeployContext, nameOf, type ResourceType } from '../resource.ts';

export const iamRole: ResourceType = (resource, context) => {
  const { properties } = resource;
  const { account, parts } = context;
  const name = nameOf(resource, 'RoleName', { longest: 64 });
  const arn = iamArn(account, `role${properties.string('Path') ?? '/'}${name}`);
  const trustPolicy = properties.policy('AssumeRolePolicyDocument', 'trust');
  const maxSessionDurationSeconds = properties.integer('MaxSessionDuration', { from: 3600, to: 43_200 });
  properties.withoutEffect('Description', 'Tags');
  const policies = [...inlinePolicies(properties), ...attachedPolicies(properties, context)];
  return {
    physicalId: name,
    attributes: { Arn: arn },
    create: () => {
      parts.identities.putRole({
        name,
        arn,
        trustPolicy,
        ...(maxSessionDurationSeconds && { maxSessionDurationSeconds }),
      });
      for (const [policyName, document] of policies) parts.identities.putRolePolicy(name, policyName, document);
    },
  };
};

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
