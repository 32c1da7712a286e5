import { GetQueueUrlCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSts } from '../../../src/services/sts.ts';
import {
  account,
  addRole,
  recordingService,
  sessionOf,
  startGateway,
  type TestGateway,
} from '../../helpers/gateway.ts';

let stage: TestGateway;
beforeEach(async () => {
  const queues = recordingService(
    'sqs',
    () => ({}),
    ({ operation }) => [{ action: `sqs:${operation}`, resource: '*' }],
  );
  stage = await startGateway(queues);
  stage.gateway.register(createSts({ ...stage, account }));
});
afterEach(() => stage.close());

const use = async <T extends { destroy(): void }, R>(
  client: T,
  work: (client: T) => Promise<R>,
): Promise<R | Error> => {
  try {
    return await work(client);
  } catch (error) {
    return error as Error;
  } finally {
    client.destroy();
  }
};
const assume = (
  input: Partial<ConstructorParameters<typeof AssumeRoleCommand>[0]>,
  as?: ReturnType<typeof sessionOf>,
) =>
  use(new STSClient(stage.client(as)), (sts) =>
    sts.send(new AssumeRoleCommand({ RoleArn: undefined, RoleSessionName: 'narrow', ...input })),
  );

describe('AssumeRole', () => {
  it('does not hide whose code it is that calls with the credentials', async () => {
    // Prepare
    const RoleArn = addRole(stage, 'owner', { Effect: 'Allow', Action: '*', Resource: '*' });
    const caller = stage.identities.assume(RoleArn, 'lambda.amazonaws.com', 'f');
    const calling = {
      functionName: 'f',
      invocationId: 'i',
      isDying: false,
      doom: () => undefined,
      kill: () => undefined,
    };
    stage.functions.register(caller, calling);

    // Act
    const output = await assume({ RoleArn }, stage.identities.credentialsFor(caller));
    if (output instanceof Error) throw output;
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = output.Credentials ?? {};
    const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    await use(new SQSClient(stage.client(keys)), (sqs) => sqs.send(new ListQueuesCommand({})));

    // Assess
    expect(stage.gateway.calls.entries()).toMatchObject([
      { operation: 'AssumeRole', functionName: 'f' },
      { operation: 'ListQueues', functionName: 'f', caller: { sessionName: 'narrow' } },
    ]);
  });

  it('gives credentials of a session, narrowed by the policy that comes with the request', async () => {
    // Prepare
    const RoleArn = addRole(stage, 'owner', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:GetQueueUrl', Resource: '*' }],
    });

    // Act
    const output = await assume({ RoleArn, Policy });
    if (output instanceof Error) throw output;
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = output.Credentials ?? {};
    const narrow = stage.client({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    const who = await use(new STSClient(narrow), (sts) => sts.send(new GetCallerIdentityCommand({})));
    const allowed = await use(new SQSClient(narrow), (sqs) => sqs.send(new GetQueueUrlCommand({ QueueName: 'q' })));
    const refused = await use(new SQSClient(narrow), (sqs) => sqs.send(new ListQueuesCommand({})));

    // Assess
    const Arn = `arn:aws:sts::${account.accountId}:assumed-role/owner/narrow`;
    expect(output.AssumedRoleUser?.Arn).toBe(Arn);
    expect(Number(Expiration) - stage.clock.now()).toBeGreaterThan(3_590_000);
    expect(who).toMatchObject({ Arn, Account: account.accountId });
    expect(allowed).not.toBeInstanceOf(Error);
    expect(refused).toMatchObject({
      name: 'AccessDenied',
      message: `User: ${Arn} is not authorized to perform: sqs:listqueues on resource: * because no session policy allows the sqs:listqueues action`,
    });
  });

  it('gives credentials that end with the time of the stage', async () => {
    // Prepare
    const RoleArn = addRole(stage, 'owner', { Effect: 'Allow', Action: '*', Resource: '*' });
    const output = await assume({ RoleArn, DurationSeconds: 900 });
    if (output instanceof Error) throw output;
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = output.Credentials ?? {};
    const client = stage.client({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });

    // Act
    stage.clock.advance(901_000);
    const late = await use(new SQSClient(client), (sqs) => sqs.send(new ListQueuesCommand({})));

    // Assess
    expect(late).toMatchObject({ name: 'ExpiredTokenException' });
  });

  it.each([
    [
      'the role does not trust it',
      { AWS: 'arn:aws:iam::123456789012:role/somebody' },
      [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }],
    ],
    ['its own role lets it not', { AWS: account.accountId }, []],
  ])('is refused to a role when %s', async (_case, Principal, statements) => {
    // Prepare
    const RoleArn = `arn:aws:iam::${account.accountId}:role/target`;
    const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
    stage.identities.putRole({
      name: 'target',
      arn: RoleArn,
      trustPolicy: { Version: '2012-10-17', Statement: [trust] },
    });
    const caller = sessionOf(stage, addRole(stage, 'caller', ...statements));

    // Act
    const error = await assume({ RoleArn }, caller);

    // Assess
    expect(error).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('wants the external id that the trust policy wants', async () => {
    // Prepare
    const RoleArn = `arn:aws:iam::${account.accountId}:role/target`;
    const Condition = { StringEquals: { 'sts:ExternalId': 'secret' } };
    const trust = { Effect: 'Allow', Principal: { AWS: account.accountId }, Action: 'sts:AssumeRole', Condition };
    stage.identities.putRole({
      name: 'target',
      arn: RoleArn,
      trustPolicy: { Version: '2012-10-17', Statement: [trust] },
    });

    // Act
    const [without, withId] = [await assume({ RoleArn }), await assume({ RoleArn, ExternalId: 'secret' })];

    // Assess
    expect(without).toMatchObject({ name: 'AccessDenied' });
    expect(withId).not.toBeInstanceOf(Error);
  });

  it.each([
    [
      'a name with a space',
      { RoleSessionName: 'a b' },
      'ValidationError',
      "'a b' at 'roleSessionName' failed to satisfy constraint",
    ],
    ['a time too short', { DurationSeconds: 10 }, 'ValidationError', 'greater than or equal to 900'],
    [
      'a time beyond what the role allows',
      { DurationSeconds: 7200 },
      'ValidationError',
      'exceeds the MaxSessionDuration',
    ],
    ['a policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocumentException', 'not valid JSON'],
    ['tags', { Tags: [{ Key: 'a', Value: 'b' }] }, 'NotImplemented', 'The AssumeRole parameter Tags is not supported.'],
  ])('refuses %s', async (_what, input, name, message) => {
    // Prepare
    const RoleArn = addRole(stage, 'owner', { Effect: 'Allow', Action: '*', Resource: '*' });

    // Act
    const error = await assume({ RoleArn, ...input });

    // Assess
    expect(error).toMatchObject({ name, message: expect.stringContaining(message) });
  });
});
