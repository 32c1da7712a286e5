import { reasonOf } from '../runner/play-scenarios.ts';
import type { Run } from '../runner/stage.ts';
import type { ScenarioStacks } from '../scenarios/scenario-stacks.ts';
import type { AwsAssembly } from './aws-app.ts';
import type { Deployment } from './deployment.ts';

/** What may be there of a run. */
export interface Standing {
  readonly assembly: Pick<AwsAssembly, 'directory' | 'stacks'>;
  /** Undefined where no scenario can have deployed any. */
  readonly ofScenarios: ScenarioStacks | undefined;
}

interface Remover extends Pick<Run, 'say'> {
  readonly keep: boolean;
  readonly deployment: Deployment;
}

/**
 * Takes away what is there, or says how that can be done. Stacks of scenarios first: to delete their resources takes the tasker. What cannot be
 * deleted of these does not keep the rest, which costs more.
 *
 * @throws Error that says what is left, and how to remove it
 */
export const tearDown = async (
  { assembly, ofScenarios }: Standing,
  { keep, say, deployment }: Remover,
): Promise<void> => {
  const own = [...assembly.stacks.keys()].reverse();
  const namesOfScenarios = () => ofScenarios?.names ?? [];
  if (keep) {
    say(`Kept. To remove it: ${commandFor([...namesOfScenarios(), ...own])}`);
    return;
  }
  const failures = [
    await failureOf(async () => await ofScenarios?.removeAll(), namesOfScenarios),
    await failureOf(
      () => deployment.destroy(assembly.directory, say),
      () => own,
    ),
  ].filter((failure) => failure !== undefined);
  if (failures.length > 0) throw new Error(failures.join('; '));
};

const failureOf = async (remove: () => Promise<void>, left: () => readonly string[]): Promise<string | undefined> => {
  try {
    await remove();
    return undefined;
  } catch (error) {
    return `${reasonOf(error)}; to remove what is left: ${commandFor(left())}`;
  }
};

const commandFor = (stacks: readonly string[]): string =>
  stacks.map((name) => `aws cloudformation delete-stack --stack-name ${name}`).join(' && ');
