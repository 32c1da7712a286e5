import { reasonOf } from '../deployment-error.ts';
import { existing, type Stack, type StackResource } from '../stack.ts';
import { reversed, workThrough } from './graph.ts';

/** A resource that is to go. */
export interface Doomed {
  readonly resource: StackResource;
  /** What its template says is to become of it: `Delete`, `Retain`, … */
  readonly policy: string | undefined;
}

export interface DeletionDeps {
  readonly stack: Stack;
  readonly signal: AbortSignal;
  /** There is no second try: what cannot be deleted does not keep what it needs. */
  readonly isFinal?: boolean;
  /** Told of what stays. */
  readonly retain: (resource: StackResource) => void;
}

/**
 * Deletes resources, each after those that need it; what it cannot delete keeps what that needs.
 *
 * @returns those that are left: they could not be deleted, or are needed by such
 */
export const deleteAll = async (all: readonly Doomed[], deps: DeletionDeps): Promise<readonly StackResource[]> => {
  const byId = Map.groupBy(all, ({ resource }) => resource.logicalId);
  const needs = new Map([...byId].map(([logicalId, doomed]) => [logicalId, needsOf(doomed)]));
  const left = new Set(all.map(({ resource }) => resource));
  await workThrough(reversed(needs), async (logicalId) => {
    for (const doomed of byId.get(logicalId) ?? []) if (await deleteOne(doomed, deps)) left.delete(doomed.resource);
  });
  return [...left];
};

const needsOf = (doomed: readonly Doomed[]): ReadonlySet<string> =>
  new Set(doomed.flatMap(({ resource }) => [...resource.needs]));

/** @returns whether it is gone from the stack */
const deleteOne = async ({ resource, policy }: Doomed, deps: DeletionDeps): Promise<boolean> => {
  const { stack, signal, isFinal, retain } = deps;
  signal.throwIfAborted();
  if (policy?.startsWith('Retain')) {
    retain(resource);
    stack.record(resource, 'DELETE_SKIPPED');
    return true;
  }
  stack.record(resource, 'DELETE_IN_PROGRESS');
  try {
    await deleteUnlessGone(resource, signal);
  } catch (error) {
    stack.record(resource, 'DELETE_FAILED', reasonOf(error));
    if (isFinal) return false;
    throw error;
  }
  stack.record(resource, 'DELETE_COMPLETE');
  return true;
};

/** Somebody may have deleted it already. */
const GONE = /NotFound|DoesNotExist|NonExistent|NoSuch/;

const deleteUnlessGone = async (resource: StackResource, signal: AbortSignal): Promise<void> => {
  try {
    await resource.planned.delete(existing(resource), signal);
  } catch (error) {
    const { name, code = name } = error as Error & { readonly code?: string };
    if (!GONE.test(code)) throw error;
  }
};
