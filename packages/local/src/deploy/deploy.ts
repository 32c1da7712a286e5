import type { StackArtifact } from './assembly.ts';
import { type NamedResource, planStack, type StackPlan } from './plan-stack.ts';
import { Refusals } from './refusals.ts';
import type { DeployContext } from './resource.ts';

/** A stack as it was deployed. */
export interface DeployedStack {
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical id. */
  readonly resources: Readonly<Record<string, string>>;
}

/** A resource could not be made, though nothing in its template was refused. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/**
 * Checks all stacks of an assembly.
 *
 * @throws RefusedAssemblyError with everything that the stage cannot honour
 */
export const planAssembly = (
  stacks: readonly StackArtifact[],
  context: Pick<DeployContext, 'account' | 'parts'>,
): readonly StackPlan[] => {
  const refusals = new Refusals();
  const deps = { context: { ...context, managedPolicies: new Map() }, refusals, exports: new Map<string, unknown>() };
  const plans = stacks.map((stack) => planStack(stack, deps));
  refuseDoubles(plans, refusals);
  refusals.throwIfAny();
  return plans;
};

/** All stacks share one account and region, where a name can be taken once. */
const refuseDoubles = (plans: readonly StackPlan[], refusals: Refusals): void => {
  const taken = new Set<string>();
  for (const { type, physicalId, where } of plans.flatMap((plan) => plan.resources)) {
    if (type === 'AWS::CDK::Metadata') continue;
    if (taken.has(`${type} ${physicalId}`)) refusals.add(where, `${physicalId} already exists`);
    taken.add(`${type} ${physicalId}`);
  }
};

/**
 * Makes what was planned, each resource after those it needs.
 *
 * @param signal gives up between two resources
 * @throws DeploymentError naming the resource that could not be made
 */
export const deployPlan = async (
  plans: readonly StackPlan[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, DeployedStack>>> => {
  for (const resource of plans.flatMap((plan) => plan.resources)) {
    signal.throwIfAborted();
    await create(resource, signal);
  }
  return Object.fromEntries(plans.map((plan) => [plan.stackName, deployed(plan)]));
};

const create = async (resource: NamedResource, signal: AbortSignal): Promise<void> => {
  try {
    await resource.create(signal);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeploymentError(`${resource.where}: ${reason}`, { cause });
  }
};

const deployed = ({ outputs, resources }: StackPlan): DeployedStack => ({
  outputs,
  resources: Object.fromEntries(resources.map(({ logicalId, physicalId }) => [logicalId, physicalId])),
});
