import { reasonOf } from '../deployment-error.ts';
import { existing, type Stack, type StackResource } from '../stack.ts';
import type { Doomed } from './deletion.ts';
import type { Step } from './forward.ts';
import { workThrough } from './graph.ts';

export interface Restored {
  /** The resources of the stack as they were, but for ids that have changed. */
  readonly contents: ReadonlyMap<string, StackResource>;
  /** What is not part of the stack any more. */
  readonly doomed: readonly Doomed[];
  readonly errors: readonly unknown[];
}

/** Turns back what has been updated in place, each after those it needs; what was made anew is left to be deleted. */
export const restore = async (stack: Stack, steps: readonly Step[], signal: AbortSignal): Promise<Restored> => {
  const contents = new Map(stack.contents);
  const doomed: Doomed[] = steps.filter(isNew).map(({ after }) => ({ resource: after, policy: creationPolicy(after) }));
  const updates = new Map(steps.filter((step) => !isNew(step)).map((step) => [step.after.logicalId, step]));
  const needs = new Map(
    [...contents.values()]
      .filter(({ logicalId }) => updates.has(logicalId))
      .map(({ logicalId, needs }) => [logicalId, needs]),
  );
  const errors = await workThrough(needs, async (logicalId) => {
    const { before, after } = updates.get(logicalId) as Step;
    if (!before) return;
    const restored = await turnBack(stack, { before, after }, signal);
    contents.set(logicalId, restored);
    doomed.push(...leftovers([before, after], restored));
  });
  return { contents, doomed, errors };
};

/** Made by `create`; what is open and was updated may have become another resource, but knows itself how to go back. */
const isNew = ({ before, after, isReplacement }: Step): boolean =>
  before === undefined || (isReplacement && after.generation !== before.generation);

/** A resource that never came to be part of the stack goes, also with the policy that keeps it otherwise. */
const creationPolicy = ({ template: { DeletionPolicy } }: StackResource): string | undefined =>
  DeletionPolicy === 'RetainExceptOnCreate' ? 'Delete' : DeletionPolicy;

type Both = { readonly before: StackResource; readonly after: StackResource };

const turnBack = async (stack: Stack, { before, after }: Both, signal: AbortSignal): Promise<StackResource> => {
  stack.record(after, 'UPDATE_IN_PROGRESS');
  try {
    const ids = (await before.planned.update(existing(after), signal)) ?? before.ids;
    const restored = { ...before, ids };
    stack.record(restored, 'UPDATE_COMPLETE');
    return restored;
  } catch (error) {
    stack.record(after, 'UPDATE_FAILED', reasonOf(error));
    throw error;
  }
};

/** Every id that the resource has had on the way and does not have in the end. */
const leftovers = (all: readonly StackResource[], { ids }: StackResource): readonly Doomed[] => {
  const other = new Map(all.map((resource) => [resource.ids.physicalId, resource]));
  other.delete(ids.physicalId);
  return [...other.values()].map((resource) => ({ resource, policy: resource.template.UpdateReplacePolicy }));
};
