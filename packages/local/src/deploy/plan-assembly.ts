import { isDeepStrictEqual } from 'node:util';
import type { StackArtifact } from './assembly.ts';
import type { ResourcePlan } from './plan-resource.ts';
import { planStack, type StackPlan } from './plan-stack.ts';
import { UNRESOLVED } from './property-values.ts';
import { Refusals } from './refusals.ts';
import type { Stack } from './stack.ts';
import type { PlanningContext } from './stack-planner.ts';

/** What is there before an assembly is deployed. */
export interface Deployed {
  readonly stacks: ReadonlyMap<string, Stack>;
  /** Resources that outlived their stack, as `TYPE PHYSICALID`. */
  readonly retained: ReadonlySet<string>;
}

/** What is left of such a stack can only be deleted. */
const STUCK = ['DELETE_FAILED', 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED'];

const NOTHING: Deployed = { stacks: new Map(), retained: new Set() };

/** Creating these fails where there is one, which somebody may have deleted since it was retained. */
const FINDS_OUT = ['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SQS::Queue'];

/** The type and id that only one resource can have. */
export const identityOf = (type: string, physicalId: string): string => `${type} ${physicalId}`;

/**
 * Checks all stacks of an assembly, against each other and against what is deployed already.
 *
 * @throws RefusedAssemblyError with everything that the stage cannot honour
 */
export const planAssembly = (
  stacks: readonly StackArtifact[],
  context: PlanningContext,
  deployed: Deployed = NOTHING,
): readonly StackPlan[] => {
  const refusals = new Refusals();
  const exports = new Map<string, unknown>();
  const plans = stacks.map((stack) => {
    const found = deployed.stacks.get(stack.stackName);
    if (found && STUCK.includes(found.status))
      refusals.add(stack.stackName, `is in ${found.status} state and can not be updated`);
    const plan = planStack(stack, { context, refusals, exports, before: found?.isDeployed ? found : undefined });
    for (const [name, value] of plan.exports) exports.set(name, value);
    return plan;
  });
  refuseDoubles(plans, deployed, refusals);
  refuseChangesOfUsedExports(plans, deployed, refusals);
  refusals.throwIfAny();
  return plans;
};

/** All stacks share one account and region, where a name can be taken once; also while the old owner of it is still to be deleted. */
const refuseDoubles = (plans: readonly StackPlan[], { stacks, retained }: Deployed, refusals: Refusals): void => {
  const all = [...stacks.values()].flatMap((stack) => [...stack.contents.values()]);
  const outlived = [...retained].filter((identity) => !FINDS_OUT.some((type) => identity.startsWith(`${type} `)));
  const taken = new Set([...outlived, ...all.map(({ type, ids }) => identityOf(type, ids.physicalId))]);
  for (const plan of plans.flatMap(({ resources }) => resources).filter(isNew)) {
    const { type, ids, where } = plan;
    if (type === 'AWS::CDK::Metadata' || !ids) continue;
    const identity = identityOf(type, ids.physicalId);
    if (taken.has(identity)) refusals.add(where, `${ids.physicalId} already exists`);
    taken.add(identity);
  }
};

const isNew = ({ change }: ResourcePlan): boolean => change === 'create' || change === 'replace';

const refuseChangesOfUsedExports = (plans: readonly StackPlan[], { stacks }: Deployed, refusals: Refusals): void => {
  for (const { stackName, exports } of plans) {
    for (const [name, value] of stacks.get(stackName)?.exports ?? []) {
      const user = [...stacks.values()].find((stack) => stack.name !== stackName && stack.imports.has(name));
      const next = exports.get(name);
      if (!user || next === UNRESOLVED || isDeepStrictEqual(next, value)) continue;
      const change = exports.has(name) ? 'update' : 'delete';
      refusals.add(stackName, `Cannot ${change} export ${name} as it is in use by ${user.name}`);
    }
  }
};
