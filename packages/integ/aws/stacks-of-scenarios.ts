import type { Run } from '../runner/stage.ts';
import { ScenarioStacks, type StackDeployer } from '../scenarios/scenario-stacks.ts';
import type { Deployment } from './deployment.ts';

interface Where {
  /** Of the run. */
  readonly name: string;
  /** For assemblies. */
  readonly directory: string;
  readonly serviceToken: string;
  readonly deployment: Deployment;
}

/** What scenarios deploy in the account, beside the stack that they run in. */
export const stacksOfScenarios = ({ name, deployment, ...where }: Where): ScenarioStacks =>
  new ScenarioStacks({ ...where, prefix: `${name}-`, deployer: deployerBy(deployment) });

/**
 * What the deployment says becomes a part of why it failed: the last line alone need not tell. None is given up with the run: what is under
 * way could not be deleted, and it ends soon, as a teardown first cancels what runs.
 */
const deployerBy = (deployment: Deployment): StackDeployer => ({
  deploy: async ({ directory, stack }) =>
    await told(async (say) => {
      const outputs = await deployment.deploy(directory, { say, signal: new AbortController().signal });
      return outputs[stack] ?? {};
    }),
  remove: ({ directory }) => told((say) => deployment.destroy(directory, say)),
});

const told = async <T>(work: (say: Run['say']) => Promise<T>): Promise<T> => {
  const lines: string[] = [];
  try {
    return await work((line) => void lines.push(line));
  } catch (error) {
    throw new Error([error instanceof Error ? error.message : String(error), ...lines].join('\n'), { cause: error });
  }
};
