import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LocalStage } from '@sfn-redshift/local';
import { LocalSurroundings } from './local-surroundings.ts';
import type { Scenario } from './scenario.ts';
import { STACK, synthesizeScenarios, TASKERS } from './scenario-stack.ts';
import { sdkWorld } from './sdk-world.ts';
import type { World } from './world.ts';

/** A local stage with the stack of the scenarios. */
export interface ScenarioStage {
  readonly stage: LocalStage;
  readonly world: World;
  readonly surroundings: LocalSurroundings;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  close(): Promise<void>;
}

/** @param seed decides what faults leave to chance */
export const startScenarioStage = async (scenarios: readonly Scenario[], seed: number): Promise<ScenarioStage> => {
  const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-scenarios-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const stage = await LocalStage.deploy(synthesizeScenarios(join(directory, 'cdk.out'), scenarios), { seed });
    return withClients(stage, remove);
  } catch (error) {
    remove();
    throw error;
  }
};

const withClients = (stage: LocalStage, remove: () => void): ScenarioStage => {
  const { endpoint, region } = stage;
  const client = { endpoint, region, credentials: { accessKeyId: 'scenarios', secretAccessKey: 'any' } };
  const [sfn, lambda] = [new SFNClient(client), new LambdaClient(client)];
  const [dynamodb, sqs, logs] = [new DynamoDBClient(client), new SQSClient(client), new CloudWatchLogsClient(client)];
  const outputs = stage.stacks[STACK]?.outputs ?? {};
  const queues = TASKERS.map((name) => outputs[`${name}Queue`] ?? '');
  const surroundings = new LocalSurroundings(stage, outputs, queues);
  return {
    stage,
    surroundings,
    dynamodb,
    sqs,
    logs,
    world: sdkWorld({ sfn, lambda }, surroundings),
    close: async () => {
      for (const sdk of [sfn, lambda, dynamodb, sqs, logs]) sdk.destroy();
      await stage.close();
      remove();
    },
  };
};
