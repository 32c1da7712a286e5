import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LocalStage } from '@sfn-redshift/local';
import type { Ground } from './ground.ts';
import { LocalSurroundings } from './local-surroundings.ts';
import type { Scenario } from './scenario.ts';
import { STACK, synthesizeScenarios, TASKERS } from './scenario-stack.ts';
import { ScenarioStacks, type StackDeployer } from './scenario-stacks.ts';
import { sdkWorld } from './sdk-world.ts';

/** A local stage with the stack of the scenarios. */
export interface ScenarioStage extends Ground {
  readonly stage: LocalStage;
  readonly surroundings: LocalSurroundings;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  close(): Promise<void>;
}

/**
 * @param seed decides what faults leave to chance
 * @param signal gives up the deployment
 */
export const startScenarioStage = async (
  scenarios: readonly Scenario[],
  seed: number,
  signal?: AbortSignal,
): Promise<ScenarioStage> => {
  const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-scenarios-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const assembly = synthesizeScenarios(join(directory, 'cdk.out'), scenarios);
    const stage = await LocalStage.deploy(assembly, { seed, ...(signal && { signal }) });
    return withClients(stage, directory, remove);
  } catch (error) {
    remove();
    throw error;
  }
};

const withClients = (stage: LocalStage, directory: string, remove: () => void): ScenarioStage => {
  const { endpoint, region } = stage;
  const client = { endpoint, region, credentials: { accessKeyId: 'scenarios', secretAccessKey: 'any' } };
  const [sfn, lambda] = [new SFNClient(client), new LambdaClient(client)];
  const [dynamodb, sqs, logs] = [new DynamoDBClient(client), new SQSClient(client), new CloudWatchLogsClient(client)];
  const outputs = stage.stacks[STACK]?.outputs ?? {};
  const queues = TASKERS.map((name) => outputs[`${name}Queue`] ?? '');
  const surroundings = new LocalSurroundings(stage, outputs, queues);
  const stacks = new ScenarioStacks({
    prefix: `${STACK}-`,
    directory,
    serviceToken: outputs.ServiceToken ?? '',
    deployer: deployerTo(stage),
  });
  return {
    stage,
    surroundings,
    dynamodb,
    sqs,
    logs,
    world: sdkWorld({ sfn, lambda }, surroundings, stacks),
    // Those of roles, not of tests.
    statements: () => Promise.resolve(stage.redshift.statements().filter(({ owner }) => owner.includes(':role/'))),
    close: async () => {
      for (const sdk of [sfn, lambda, dynamodb, sqs, logs]) sdk.destroy();
      await stage.close();
      remove();
    },
  };
};

const deployerTo = (stage: LocalStage): StackDeployer => ({
  deploy: async ({ directory, stack }) => {
    await stage.update(directory, { keepOthers: true });
    return stage.stacks[stack]?.outputs ?? {};
  },
  remove: ({ stack }) => stage.deleteStack(stack),
});
