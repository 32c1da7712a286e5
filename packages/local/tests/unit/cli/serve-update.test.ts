import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from '../../helpers/assembly.ts';
import { CUSTOM_CODE, CUSTOM_KEY, customApp } from '../../helpers/custom-app.ts';
import { leftBehind } from '../../helpers/left-behind.ts';
import { type Announcement, type Running, runCommand } from '../../helpers/serve.ts';

let assembly: TemporaryDirectory;
let temporary: TemporaryDirectory;
let running: Running;

beforeEach(() => {
  assembly = temporaryDirectory();
  temporary = temporaryDirectory();
});

/** No test may leave anything, however it ended. */
afterEach(async () => {
  running.child.kill('SIGKILL');
  await running.ended;
  const left = leftBehind(temporary.path);
  assembly.remove();
  temporary.remove();
  expect(left).toEqual([]);
});

const queue = (VisibilityTimeout: number) => ({ Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout } });
const synthesize = (Resources: object) => writeAssembly(assembly.path, { Stack: { Resources } });

const serve = (): Running => {
  running = runCommand(['serve', '--app', assembly.path], temporary.path);
  return running;
};

const announcement = async ({ lineAt, ended }: Running, index: number): Promise<Announcement> => {
  const line = await lineAt(index);
  if (line === undefined) throw new Error(`ended without line ${index}: ${(await ended).stderr}`);
  return JSON.parse(line) as Announcement;
};

describe('sfn-redshift-local serve, when its assembly changes', () => {
  it('updates in place, and prints a further line; goes on as it was when the next one is refused or fails', async () => {
    synthesize({ Jobs: queue(30) });
    const { child, logged, ended } = serve();
    const first = await announcement(running, 0);
    const QueueUrl = first.stacks.Stack?.resources.Jobs;
    const { endpoint, region } = first;
    const client = new SQSClient({ endpoint, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
    synthesize({ Jobs: queue(60), More: queue(30) });
    const second = await announcement(running, 1);
    expect(second).toEqual({
      ...first,
      stacks: { Stack: { outputs: {}, resources: { Jobs: QueueUrl, More: expect.stringContaining('/Stack-More-') } } },
    });
    synthesize({ Topic: { Type: 'AWS::SNS::Topic' } });
    await logged('Stack/Topic (AWS::SNS::Topic): resource type is not supported');
    synthesize({ Jobs: queue(90), Broken: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: 'nowhere' } } });
    await logged('Stack/Broken (AWS::Logs::LogGroup): the KMS key nowhere does not exist');
    const AttributeNames = ['VisibilityTimeout', 'ApproximateNumberOfMessages'] as const;
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
    );
    expect(Attributes).toEqual({ VisibilityTimeout: '60', ApproximateNumberOfMessages: '1' });
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('sfn-redshift-local serve, with a custom resource', () => {
  /** What was asked of it, read after the end. */
  const requests = (): readonly string[] => readFileSync(file(), 'utf8').trimEnd().split('\n');
  const file = () => path.join(assembly.path, 'requests.txt');
  const app = (properties: object) =>
    writeAssembly(
      assembly.path,
      { Stack: customApp({ File: file(), ...properties }) },
      { assets: { [CUSTOM_KEY]: CUSTOM_CODE } },
    );

  it('lets it undo what it did when it is asked to end', async () => {
    app({ Size: 1 });
    const { child, ended } = serve();
    expect((await announcement(running, 0)).stacks.Stack?.outputs).toEqual({ Size: '1' });
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0 });
    expect(requests()).toEqual(['Create 1', 'Delete 1']);
  });

  it('ends in the middle of an update, which it gives up', async () => {
    app({ Size: 1 });
    const { child, logged, ended } = serve();
    await announcement(running, 0);
    app({ Size: 2, Silent: 'Update' });
    await logged('"request":"Update"');
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 1 });
  });

  it('waits for its Delete no longer than whoever asks twice', async () => {
    app({ Size: 1, Silent: 'Delete' });
    const { child, logged, ended } = serve();
    await announcement(running, 0);
    child.kill('SIGTERM');
    await logged('"request":"Delete"');
    // A second signal in the same half second counts as the same.
    const again = setInterval(() => child.kill('SIGTERM'), 100);
    const { code, stderr } = await ended;
    clearInterval(again);
    expect(code).toBe(0);
    expect(stderr).toContain('not everything could be deleted');
  });
});
