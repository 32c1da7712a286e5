import { isDeepStrictEqual } from 'node:util';
import { NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import { Properties } from './properties.ts';
import { holdsUnresolved, UNRESOLVED } from './property-values.ts';
import type { DeployContext, Ids, PlannedResource, ResourceType } from './resource.ts';
import { resourceType } from './resources/index.ts';
import type { StackResource } from './stack.ts';
import { checkAttributes } from './template-attributes.ts';
import type { WantedResource } from './wanted-resources.ts';

type Refuse = (reason: string) => void;
type Values = Readonly<Record<string, unknown>>;

/** What becomes of a resource. `replace`: a new one is made, and the old one deleted when all else has succeeded. */
export type Change = 'none' | 'create' | 'update' | 'replace';

export interface ResourcePlan extends WantedResource {
  readonly change: Change;
  readonly generation: number;
  /** Resolved. */
  readonly properties: Values;
  readonly planned: PlannedResource;
  /** Undefined as long as only what is made will tell. */
  readonly ids: Ids | undefined;
}

export interface PlanDeps {
  readonly stackName: string;
  readonly scope: Scope;
  readonly context: DeployContext;
  readonly refuse: Refuse;
  /** The resource as it is, if there is one. */
  readonly before: StackResource | undefined;
  /** For the names of a new one. */
  readonly nextGeneration: number;
}

/** What the resource will be, and what has to be done for that; undefined when there is no way to that. */
export const planResource = (wanted: WantedResource, deps: PlanDeps): ResourcePlan | undefined => {
  const { stackName, scope, context, refuse, before } = deps;
  checkAttributes(wanted.template, refuse);
  const type = resourceType(wanted.type);
  if (!type) return void refuse('resource type is not supported');
  const values = resolved(wanted.template.Properties ?? {}, scope, refuse);
  const change = changeOf(type, before, values);
  const generation = before && change !== 'replace' ? before.generation : deps.nextGeneration;
  const properties = new Properties(values, refuse);
  const resource = { stackName, logicalId: wanted.logicalId, type: wanted.type, generation, properties };
  const planned = type.plan(resource, context);
  properties.refuseUnread();
  if (before && !isPossible({ type, before, change, values, planned, wanted }, refuse)) return undefined;
  const ids = change === 'none' ? before?.ids : knownIds(type, values, planned);
  return { ...wanted, change, generation, properties: values, planned, ids };
};

/** Property by property, so that one which cannot be resolved does not hide what is wrong with the others. */
const resolved = (properties: Values, scope: Scope, refuse: Refuse): Values => {
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

const changedNames = (before: Values, after: Values): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );

const changeOf = (type: ResourceType, before: StackResource | undefined, values: Values): Change => {
  if (!before) return 'create';
  const changed = changedNames(before.properties, values);
  if (changed.length === 0) return 'none';
  return changed.some((name) => type.replacement.includes(name)) ? 'replace' : 'update';
};

/** Ids depend on the properties that a replacement goes by, and on no others. */
const knownIds = (type: ResourceType, values: Values, { isOpen, physicalId, attributes }: PlannedResource) =>
  isOpen || type.replacement.some((name) => holdsUnresolved(values[name])) ? undefined : { physicalId, attributes };

interface Update {
  readonly type: ResourceType;
  readonly before: StackResource;
  readonly change: Change;
  readonly values: Values;
  readonly planned: PlannedResource;
  readonly wanted: WantedResource;
}

/** Refuses what CloudFormation would not do either, and what the stage cannot. */
const isPossible = ({ type, before, change, values, planned, wanted }: Update, refuse: Refuse): boolean => {
  if (before.type !== wanted.type) {
    refuse(`was ${before.type}: the type of a resource cannot be changed`);
    return false;
  }
  if (change === 'replace' && planned.physicalId === before.ids.physicalId) {
    refuse(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${planned.physicalId} and update the stack again.`,
    );
    return false;
  }
  if (change === 'update') refuseUnchangeable(type, before.properties, values, refuse);
  return true;
};

const refuseUnchangeable = (type: ResourceType, before: Values, after: Values, refuse: Refuse): void => {
  for (const name of changedNames(before, after)) {
    const reason = holdsUnresolved(after[name]) ? undefined : type.unchangeable?.[name];
    if (reason !== undefined) refuse(`property ${name} ${reason}`);
  }
};
