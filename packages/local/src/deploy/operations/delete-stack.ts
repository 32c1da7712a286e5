import { DeploymentError } from '../deployment-error.ts';
import { type DeletionDeps, deleteAll } from './deletion.ts';

/**
 * Deletes what a stack holds, each resource after those that need it, but what its template says is to stay.
 *
 * @throws DeploymentError naming what is left; the stack then holds no more than that
 */
export const deleteStack = async (deps: DeletionDeps): Promise<void> => {
  const { stack, signal } = deps;
  stack.enter('DELETE_IN_PROGRESS');
  const all = [...stack.contents.values()];
  const left = await deleteAll(
    all.map((resource) => ({ resource, policy: resource.template.DeletionPolicy })),
    deps,
  );
  signal.throwIfAborted();
  stack.contents = new Map(left.map((resource) => [resource.logicalId, resource]));
  if (left.length === 0) return stack.enter('DELETE_COMPLETE');
  const failed = left.map(({ logicalId }) => logicalId).join(', ');
  const reason = `The following resource(s) failed to delete: [${failed}].`;
  stack.enter('DELETE_FAILED', reason);
  throw new DeploymentError(`${stack.name}: ${reason}`);
};
