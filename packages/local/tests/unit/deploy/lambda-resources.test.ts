import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/common/service.ts';
import { CLOUDFORMATION } from '../../../src/deploy/stage-parts.ts';
import { type RunningStacks, startStacks } from '../../helpers/stacks.ts';

let running: RunningStacks;
beforeEach(async () => {
  running = await startStacks();
});
afterEach(() => running.close());

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'all',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      },
    ],
  },
};
const code = (word: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: `exports.handler = async ({ fail }) => { if (fail) throw new Error('no'); return '${word}'; };` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
  },
});
/** A function as the CDK publishes it: each content under a logical id of its own, the alias following. */
const published = (word: string, version: string) => ({
  Role: role,
  Function: code(word),
  [version]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
  Alias: {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      FunctionName: { Ref: 'Function' },
      FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
      Name: 'live',
    },
  },
});

const deploy = (Resources: object, Outputs: object = {}) => running.deploy({ Stack: { Resources, Outputs } });

const invoke = async (FunctionName: string, Payload = '{}', caller: Caller = CLOUDFORMATION, more: object = {}) => {
  const input = { FunctionName, Payload, ...more };
  const output = await running.parts.calls.call({ caller, service: 'lambda', operation: 'Invoke', input });
  return output as { Payload: string; ExecutedVersion: string };
};
const outcome = (work: Promise<unknown>) =>
  work.then(() => 'ok').catch((error: { code?: string }) => error.code ?? (error as Error).name);

describe('A function of a template', () => {
  it('is published under an alias that follows the update, and goes back with it', async () => {
    // Prepare
    await deploy(published('one', 'Version1'));
    const { Alias = '', Version1 = '' } = running.stack().resources;
    const first = await invoke(Alias);

    // Act
    await deploy(published('two', 'Version2'));
    const second = await invoke(Alias);
    const failing = {
      Broken: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: 'nowhere' }, DependsOn: 'Alias' },
    };
    const failed = await outcome(deploy({ ...published('three', 'Version3'), ...failing }));
    const third = await invoke(Alias);

    // Assess
    expect(Version1).toMatch(/:function:Stack-Function-[0-9A-F]{12}:1$/);
    expect(first).toMatchObject({ Payload: '"one"', ExecutedVersion: '1' });
    expect(second).toMatchObject({ Payload: '"two"', ExecutedVersion: '2' });
    expect(failed).toContain('DeploymentError');
    expect(third).toMatchObject({ Payload: '"two"', ExecutedVersion: '2' });
    expect(await outcome(invoke(Version1))).toBe('ResourceNotFoundException');
  });

  it('is open to the services that it permits, for as long as it does', async () => {
    // Prepare
    const permission = (Principal: string) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
        Principal,
      },
    });
    const rule = { type: 'service', arn: 'events.amazonaws.com' } as const;
    const ask = () => outcome(invoke(running.stack().resources.Function ?? '', '{}', rule));
    const seen: string[] = [];

    // Act
    for (const more of [
      {},
      { Permission: permission('events.amazonaws.com') },
      { Permission: permission('s3.amazonaws.com') },
      { Permission: permission('events.amazonaws.com') },
      {},
    ]) {
      await deploy({ Role: role, Function: code('x'), ...more });
      seen.push(await ask());
    }

    // Assess
    expect(seen).toEqual(['AccessDeniedException', 'ok', 'AccessDeniedException', 'ok', 'AccessDeniedException']);
  });

  it('sends records of its asynchronous invocations where the template says', async () => {
    // Prepare
    const settings = (Destination: object) => ({
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination } },
      },
    });
    const queue = { Type: 'AWS::SQS::Queue' };
    const base = { Role: role, Function: code('x'), One: queue, Two: queue };
    await deploy({ ...base, Settings: settings({ 'Fn::GetAtt': ['One', 'Arn'] }) });

    // Act
    await deploy({ ...base, Settings: settings({ 'Fn::GetAtt': ['Two', 'Arn'] }) });
    const { Function: name = '', Two } = running.stack().resources;
    await invoke(name, '{"fail":true}', CLOUDFORMATION, { InvocationType: 'Event' });
    const received = await running.parts.calls.call({
      caller: CLOUDFORMATION,
      service: 'sqs',
      operation: 'ReceiveMessage',
      input: { QueueUrl: Two, WaitTimeSeconds: 10 },
    });

    // Assess
    const [message] = (received as { Messages?: { Body: string }[] }).Messages ?? [];
    expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { fail: true },
    });
  });
});
