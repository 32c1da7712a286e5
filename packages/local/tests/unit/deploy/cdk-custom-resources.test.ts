import path from 'node:path';
import { App, CfnOutput, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId, Provider } from 'aws-cdk-lib/custom-resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../src/deploy/assembly.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helpers/assembly.ts';
import { type RunningStacks, startStacks } from '../../helpers/stacks.ts';

let running: RunningStacks;
let directory: TemporaryDirectory;
let synthesized = 0;

beforeEach(async () => {
  running = await startStacks();
  directory = temporaryDirectory();
});

afterEach(async () => {
  await running.close();
  directory.remove();
});

/** Synthesizes a stack and deploys it. */
const deploy = async (build: (stack: Stack) => void): Promise<Readonly<Record<string, string>>> => {
  const outdir = path.join(directory.path, String(synthesized++));
  // The check of the finished template takes seconds to load; what the CDK makes by itself passes it.
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  build(new Stack(app, 'Stack'));
  await running.stacks.update(() => readAssembly(app.synth().directory));
  return running.stack().outputs;
};

/** Advances the stage's clock whenever an execution has begun to wait, which would take its time otherwise. */
const impatient = (): (() => void) => {
  const timer = setInterval(() => running.clock.advance(5000), 50);
  return () => clearInterval(timer);
};

describe('custom resources of the CDK', () => {
  const provider = (stack: Stack) => {
    const handler = (id: string, code: string) =>
      new LambdaFunction(stack, id, {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline(code),
        // By the stage's clock, which this test moves on.
        timeout: Duration.minutes(15),
      });
    const onEventHandler = handler(
      'OnEvent',
      'exports.handler = async (event) => ({ PhysicalResourceId: "it", Data: { Was: event.RequestType } });',
    );
    // Complete when it is asked for the second time.
    const isCompleteHandler = handler(
      'IsComplete',
      'let asked = 0; exports.handler = async () => (++asked % 2 ? { IsComplete: false } : { IsComplete: true });',
    );
    const { serviceToken } = new Provider(stack, 'Provider', {
      onEventHandler,
      isCompleteHandler,
      queryInterval: Duration.seconds(5),
    });
    const thing = new CustomResource(stack, 'Thing', { serviceToken });
    new CfnOutput(stack, 'Was', { value: thing.getAttString('Was') });
  };

  it('are made and deleted by the provider framework, which waits in a state machine', async () => {
    const end = impatient();
    expect(await deploy(provider)).toEqual({ Was: 'Create' });
    await running.stacks.delete('Stack');
    end();
    expect(running.stacks.all).toEqual({});
  });

  it('make calls of the SDK, with the clients that the runtime brings along', async () => {
    const outputs = await deploy((stack) => {
      const { queueArn, queueName } = new Queue(stack, 'Jobs');
      const resource = new AwsCustomResource(stack, 'Url', {
        onUpdate: {
          service: 'SQS',
          action: 'getQueueUrl',
          parameters: { QueueName: queueName },
          physicalResourceId: PhysicalResourceId.of('url'),
        },
        policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: [queueArn] }),
      });
      new CfnOutput(stack, 'Found', { value: resource.getResponseField('QueueUrl') });
    });
    expect(outputs.Found).toMatch(/\/123456789012\/Stack-Jobs/);
  });

  it('keep the retention of a log group that others make', async () => {
    await deploy((stack) => {
      const { logGroupName } = new LogGroup(stack, 'Logs');
      new LogRetention(stack, 'Retention', { logGroupName, retention: RetentionDays.THREE_DAYS });
    });
    const name = Object.values(running.stack().resources).find((id) => id.startsWith('Stack-Logs')) ?? '';
    const described = await running.gateway.call({
      caller: { type: 'administrator', arn: 'test' },
      service: 'logs',
      operation: 'DescribeLogGroups',
      input: { logGroupNamePrefix: name },
    });
    expect(described).toMatchObject({ logGroups: [{ retentionInDays: 3 }] });
  });
});
