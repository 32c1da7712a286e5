import { DeploymentError, reasonOf } from '../deployment-error.ts';
import type { StackOutputs } from '../outputs.ts';
import type { Stack, StackResource } from '../stack.ts';
import type { StackPlanner } from '../stack-planner.ts';
import { type DeletionDeps, type Doomed, deleteAll } from './deletion.ts';
import { goForward, type Progress, type Step } from './forward.ts';
import { restore } from './rollback.ts';

type Run = Omit<DeletionDeps, 'stack'>;

/**
 * Brings a stack to where its template wants it, from wherever it is. If that fails, the stack is brought back to where it was.
 *
 * @throws DeploymentError naming the resource that stood in the way
 * @throws the reason of the signal, with nothing brought back
 */
export const updateStack = async (stack: Stack, planner: StackPlanner, run: Run): Promise<void> => {
  const isCreation = !stack.isDeployed;
  stack.enter(isCreation ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS');
  const progress = await goForward(stack, planner, run.signal);
  if (run.signal.aborted) keep(stack, progress);
  run.signal.throwIfAborted();
  const outputs = outputsOf(stack, planner, progress);
  if (outputs instanceof DeploymentError) {
    await (isCreation ? undoCreation : undoUpdate)(stack, { ...progress, error: outputs }, run);
    run.signal.throwIfAborted();
    throw outputs;
  }
  const doomed = isCreation ? [] : outgrown(stack.contents, progress);
  Object.assign(stack, { ...outputs, contents: progress.contents, imports: planner.imports });
  if (doomed.length > 0) await cleanUp('UPDATE_COMPLETE', doomed, stack, run);
  stack.enter(isCreation ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
};

/** Whatever there is now is part of the stack, for whoever deletes it. */
const keep = (stack: Stack, { steps, contents }: Progress): void => {
  const made = steps.map(({ after }) => [after.logicalId, after] as const);
  stack.contents = new Map([...stack.contents, ...contents, ...made]);
};

const outputsOf = (stack: Stack, planner: StackPlanner, { error }: Progress): StackOutputs | DeploymentError => {
  if (error) return error;
  const refusals: string[] = [];
  const outputs = planner.outputs((output, reason) => void refusals.push(`${stack.name} output ${output}: ${reason}`));
  return refusals.length > 0 ? new DeploymentError(refusals.join('; ')) : outputs;
};

/** What the template does not name any more, and what has been replaced. */
const outgrown = (before: ReadonlyMap<string, StackResource>, { steps, contents }: Progress): readonly Doomed[] => {
  const removed = [...before.values()].filter(({ logicalId }) => !contents.has(logicalId));
  return [
    ...removed.map((resource) => ({ resource, policy: resource.template.DeletionPolicy })),
    ...steps.flatMap(replaced),
  ];
};

/** The policy is that of the template which replaces it. */
const replaced = ({ before, after, isReplacement }: Step): readonly Doomed[] =>
  before && isReplacement ? [{ resource: before, policy: after.template.UpdateReplacePolicy }] : [];

/** What cannot be deleted is told, and left alone: it keeps nothing else, and belongs to no stack any more. */
const cleanUp = async (end: string, doomed: readonly Doomed[], stack: Stack, run: Run): Promise<void> => {
  stack.enter(`${end}_CLEANUP_IN_PROGRESS`);
  const left = await deleteAll(doomed, { ...run, stack, isFinal: true });
  for (const resource of left) run.retain(resource);
  run.signal.throwIfAborted();
};

const undoCreation = async (stack: Stack, { steps, error }: Progress, run: Run): Promise<void> => {
  stack.enter('ROLLBACK_IN_PROGRESS', reasonOf(error));
  const { doomed } = await restore(stack, steps, run.signal);
  const left = await deleteAll(doomed, { ...run, stack });
  stack.contents = new Map(left.map((resource) => [resource.logicalId, resource]));
  stack.enter(left.length > 0 ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE');
};

const undoUpdate = async (stack: Stack, { steps, error }: Progress, run: Run): Promise<void> => {
  stack.enter('UPDATE_ROLLBACK_IN_PROGRESS', reasonOf(error));
  const { contents, doomed, errors } = await restore(stack, steps, run.signal);
  run.signal.throwIfAborted();
  stack.contents = contents;
  if (errors.length > 0) return stack.enter('UPDATE_ROLLBACK_FAILED', reasonOf(errors[0]));
  if (doomed.length > 0) await cleanUp('UPDATE_ROLLBACK_COMPLETE', doomed, stack, run);
  stack.enter('UPDATE_ROLLBACK_COMPLETE');
};
