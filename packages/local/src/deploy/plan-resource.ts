import type { StackArtifact } from './assembly.ts';
import { NO_VALUE, resolve } from './intrinsics.ts';
import type { NamedResource } from './plan-stack.ts';
import { Properties } from './properties.ts';
import { UNRESOLVED } from './property-values.ts';
import type { Refusals } from './refusals.ts';
import type { DeployContext } from './resource.ts';
import { RESOURCE_TYPES } from './resources/index.ts';
import type { StackScope } from './stack-scope.ts';
import type { TemplateResource } from './template.ts';

/** What a resource may say of itself beside its properties. Deletion policies are for later: a stage ends as a whole. */
const ATTRIBUTES = new Set([
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Description',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
]);

interface PlanDeps {
  readonly stack: StackArtifact;
  readonly scope: StackScope;
  readonly refusals: Refusals;
  readonly context: DeployContext;
}

/** What the resource will be; undefined when its type is not known. Its ids are added to the scope. */
export const planResource = (
  logicalId: string,
  resource: TemplateResource,
  { stack, scope, refusals, context }: PlanDeps,
): NamedResource | undefined => {
  const where = `${stack.pathOf(logicalId)} (${resource.Type})`;
  const refuse = (reason: string) => refusals.add(where, reason);
  for (const name of Object.keys(resource)) if (!ATTRIBUTES.has(name)) refuse(`attribute ${name} is not supported`);
  const type = RESOURCE_TYPES.get(resource.Type);
  if (!type) {
    refuse('resource type is not supported');
    scope.addRefused(logicalId);
    return undefined;
  }
  const properties = new Properties(resolved(resource.Properties ?? {}, scope, refuse), refuse);
  const planned = type.plan({ stackName: stack.stackName, logicalId, generation: 0, properties }, context);
  properties.refuseUnread();
  scope.addResource(logicalId, planned);
  return { ...planned, logicalId, type: resource.Type, where };
};

/** Property by property, so that one which cannot be resolved does not hide what is wrong with the others. */
const resolved = (
  properties: Readonly<Record<string, unknown>>,
  scope: StackScope,
  refuse: (reason: string) => void,
): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    try {
      const meaning = resolve(value, scope);
      if (meaning !== NO_VALUE) values[name] = meaning;
    } catch (error) {
      refuse(`property ${name}: ${error instanceof Error ? error.message : String(error)}`);
      values[name] = UNRESOLVED;
    }
  }
  return values;
};
