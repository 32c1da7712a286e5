import type { StackArtifact } from './assembly.ts';
import { NO_VALUE, resolve, TemplateError } from './intrinsics.ts';
import { inOrder } from './ordering.ts';
import { planResource } from './plan-resource.ts';
import { referencesIn } from './references.ts';
import type { Refusals } from './refusals.ts';
import type { DeployContext, PlannedResource } from './resource.ts';
import { StackScope } from './stack-scope.ts';
import { refusedSections, type Template, type TemplateResource } from './template.ts';

export interface NamedResource extends PlannedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Path and type, for messages. */
  readonly where: string;
}

export interface StackPlan {
  readonly stackName: string;
  /** Each after those that it needs. */
  readonly resources: readonly NamedResource[];
  readonly outputs: Readonly<Record<string, string>>;
}

export interface StackDeps {
  readonly context: Omit<DeployContext, 'assets'>;
  readonly refusals: Refusals;
  /** Of all stacks; this one adds its own. */
  readonly exports: Map<string, unknown>;
}

/** What deploying a stack will make; nothing is made yet. What cannot be made is added to the refusals. */
export const planStack = (stack: StackArtifact, { context, refusals, exports }: StackDeps): StackPlan => {
  const { stackName, template, assets } = stack;
  const refuse = (reason: string) => refusals.add(stackName, reason);
  for (const section of refusedSections(template)) refuse(`${section} is not supported`);
  const scope = new StackScope(stack, { account: context.account, exports, refuse });
  const wanted = refusals.attempt(stackName, () => wantedResources(template, scope), []);
  const resources = wanted.flatMap(([logicalId, resource]) => {
    const planned = planResource(logicalId, resource, { stack, scope, refusals, context: { ...context, assets } });
    return planned ? [planned] : [];
  });
  return { stackName, resources, outputs: outputsOf(stack, scope, refusals, exports) };
};

type Entry = readonly [logicalId: string, resource: TemplateResource];

/** Without those that their conditions leave out, in the order of creation. */
const wantedResources = (template: Template, scope: StackScope): readonly Entry[] => {
  const all = template.Resources ?? {};
  const wanted = Object.entries(all).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  );
  const needs = new Map(wanted.map(([logicalId, resource]) => [logicalId, needsOf(resource)]));
  const byId = new Map(wanted);
  return inOrder(needs).map((logicalId) => [logicalId, byId.get(logicalId) as TemplateResource]);
};

const needsOf = ({ Properties, DependsOn }: TemplateResource): ReadonlySet<string> =>
  new Set([...referencesIn(Properties), ...[DependsOn ?? []].flat()]);

const outputsOf = (
  { stackName, template }: StackArtifact,
  scope: StackScope,
  refusals: Refusals,
  exports: Map<string, unknown>,
): Readonly<Record<string, string>> => {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Condition, Export }] of Object.entries(template.Outputs ?? {})) {
    refusals.attempt(
      `${stackName} output ${name}`,
      () => {
        if (Condition !== undefined && !scope.condition(Condition)) return;
        const value = resolve(Value, scope);
        if (value !== NO_VALUE) outputs[name] = outputText(value);
        if (Export) exports.set(String(resolve(Export.Name, scope)), value);
      },
      undefined,
    );
  }
  return outputs;
};

/** CloudFormation's outputs are texts. */
const outputText = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`an output must be a text, got ${JSON.stringify(value)}`);
};
