import { isDeepStrictEqual } from 'node:util';
import type { StackArtifact } from './assembly.ts';
import type { StackOutputs } from './outputs.ts';
import type { ResourcePlan } from './plan-resource.ts';
import type { Refusals } from './refusals.ts';
import type { Stack } from './stack.ts';
import { type PlanningContext, StackPlanner } from './stack-planner.ts';
import { refusedSections, type TemplateResource } from './template.ts';
import type { WantedResource } from './wanted-resources.ts';

export interface StackPlan extends StackOutputs {
  readonly stackName: string;
  readonly artifact: StackArtifact;
  /** Each after those that it needs. */
  readonly resources: readonly ResourcePlan[];
  /** Whether there is anything to do, as far as can be known. */
  readonly isChanged: boolean;
}

export interface StackDeps {
  readonly context: PlanningContext;
  readonly refusals: Refusals;
  /** Of the stacks before this one. */
  readonly exports: ReadonlyMap<string, unknown>;
  /** The stack as it is. */
  readonly before: Stack | undefined;
}

/** What deploying a stack will make; nothing is made yet. What cannot be made is added to the refusals. */
export const planStack = (artifact: StackArtifact, { context, refusals, exports, before }: StackDeps): StackPlan => {
  const { stackName, template } = artifact;
  const refuse = (reason: string) => refusals.add(stackName, reason);
  for (const section of refusedSections(template)) refuse(`${section} is not supported`);
  const planner = new StackPlanner(artifact, before, context, { exports, refuse });
  const wanted = refusals.attempt(stackName, () => planner.wanted(), []);
  const resources = wanted.flatMap((resource) => planned(resource, planner, refusals));
  const outputs = planner.outputs((output, reason) => refusals.add(`${stackName} output ${output}`, reason));
  return { stackName, artifact, resources, ...outputs, isChanged: isChanged(before, resources, outputs) };
};

const planned = (resource: WantedResource, planner: StackPlanner, refusals: Refusals): readonly ResourcePlan[] => {
  const plan = planner.plan(resource, (reason) => refusals.add(resource.where, reason));
  // What refers to a refused resource is not refused for its sake.
  planner.know(resource.logicalId, plan?.ids);
  return plan ? [plan] : [];
};

const isChanged = (before: Stack | undefined, resources: readonly ResourcePlan[], outputs: StackOutputs): boolean =>
  !before ||
  resources.length !== before.contents.size ||
  resources.some((resource) => resource.change !== 'none' || !isKeptAlike(resource, before.contents)) ||
  !isDeepStrictEqual({ ...outputs.outputs }, { ...before.outputs }) ||
  !isDeepStrictEqual(outputs.exports, before.exports);

/** Policies and dependencies change nothing at once, but what a later update or deletion does. */
const isKeptAlike = ({ logicalId, template }: ResourcePlan, before: Stack['contents']): boolean => {
  const settings = ({ DeletionPolicy, UpdateReplacePolicy, DependsOn }: TemplateResource) => [
    DeletionPolicy,
    UpdateReplacePolicy,
    DependsOn,
  ];
  const known = before.get(logicalId);
  return known !== undefined && isDeepStrictEqual(settings(known.template), settings(template));
};
