import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import type { PolicyDocument } from '../../../src/common/service.ts';
import { createEventBus, type EventBus, parseTargetInput, type RuleTarget } from '../../../src/event-bridge/index.ts';
import {
  account,
  type RecordingService,
  recordingService,
  startGateway,
  type TestGateway,
} from '../../helpers/gateway.ts';
import { called } from '../../helpers/queues.ts';

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;
const RULE = arn('events', 'rule/r');
const FUNCTION = arn('lambda', 'function:f');
const MACHINE = arn('states', 'stateMachine:m');
const QUEUE = arn('sqs', 'q');
const ROLE = `arn:aws:iam::${account.accountId}:role/starter`;

let stage: TestGateway;
let bus: EventBus;
let services: Record<'lambda' | 'states' | 'sqs', RecordingService>;
let functionPolicy: PolicyDocument | undefined;
/** What the target answers with, by operation. */
let answers: Record<string, () => unknown>;
let warnings: unknown[];

const target = (name: 'lambda' | 'states' | 'sqs', action: string, resource: string): RecordingService =>
  recordingService(
    name,
    ({ operation }) => answers[operation]?.() ?? {},
    () => [{ action, resource }],
  );

beforeEach(async () => {
  stage = await startGateway();
  functionPolicy = undefined;
  answers = {};
  warnings = [];
  services = {
    lambda: { ...target('lambda', 'lambda:InvokeFunction', FUNCTION), resourcePolicyOf: () => functionPolicy },
    states: target('states', 'states:StartExecution', MACHINE),
    sqs: target('sqs', 'sqs:SendMessage', QUEUE),
  };
  for (const service of Object.values(services)) stage.gateway.register(service);
  const { gateway, clock, identities: roles } = stage;
  const log = { info: () => undefined, warn: (_: string, fields = {}) => void warnings.push(fields) };
  bus = createEventBus({ account, clock, endpoint: () => gateway.endpoint, roles, calls: gateway, log });
});
afterEach(async () => {
  await bus.close();
  await stage.close();
});

const putRule = (...targets: readonly Partial<RuleTarget>[]) =>
  bus.putRule({
    name: 'r',
    arn: RULE,
    pattern: { source: ['test'] },
    enabled: true,
    targets: targets.map((fields, index) => ({ id: `t${index}`, arn: QUEUE, ...fields })),
  });
const put = () => bus.put({ source: 'test', 'detail-type': 'Test', resources: [], detail: { n: 1 } });

const policy = (statement: object): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: FUNCTION,
      ...statement,
    },
  ],
});
const addRole = (service: string, Action: string) => {
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  stage.identities.putRole({
    name: 'starter',
    arn: ROLE,
    trustPolicy: { Version: '2012-10-17', Statement: [trust] },
  });
  stage.identities.putRolePolicy('starter', 'p', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
};
const deadLetter = async () => {
  await called(stage, 'sqs:SendMessage');
  const { input } = services.sqs.received[0] ?? {};
  const attributes = (input?.MessageAttributes ?? {}) as Record<string, { StringValue: string }>;
  return Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));
};

describe('A function as a target', () => {
  it('is invoked asynchronously, when its policy lets the rule', async () => {
    // Prepare
    functionPolicy = policy({ Condition: { ArnLike: { 'AWS:SourceArn': RULE } } });
    putRule({ arn: FUNCTION });

    // Act
    const id = put();
    await called(stage, 'lambda:Invoke');

    // Assess
    const [call] = services.lambda.received;
    expect(call).toMatchObject({
      caller: { type: 'service', arn: 'events.amazonaws.com', sourceArn: RULE },
      input: { FunctionName: FUNCTION, InvocationType: 'Event' },
    });
    expect(JSON.parse(String(call?.input.Payload))).toMatchObject({ id, source: 'test', detail: { n: 1 } });
  });

  it.each([
    ['it has no policy', undefined],
    ['its policy is for another rule', policy({ Condition: { ArnLike: { 'AWS:SourceArn': `${RULE}2` } } })],
    ['its policy is for another service', policy({ Principal: { Service: 's3.amazonaws.com' } })],
  ])('is not invoked when %s', async (_case, document) => {
    // Prepare
    functionPolicy = document;
    putRule({ arn: FUNCTION, deadLetterArn: QUEUE });

    // Act
    put();

    // Assess
    expect(await deadLetter()).toMatchObject({
      ERROR_CODE: 'NO_PERMISSIONS',
      TARGET_ARN: FUNCTION,
      RULE_ARN: RULE,
      RETRY_ATTEMPTS: '0',
    });
    expect(services.lambda.received).toEqual([]);
  });

  it('gets another try when it is throttled', async () => {
    // Prepare
    functionPolicy = policy({});
    let throttles = 1;
    answers.Invoke = () => {
      if (throttles-- > 0) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429 });
      return { StatusCode: 202 };
    };
    putRule({ arn: FUNCTION });

    // Act
    put();
    await called(stage, 'lambda:Invoke');
    await new Promise(setImmediate);
    stage.clock.advance(1000);
    await called(stage, 'lambda:Invoke', 2);

    // Assess
    expect(services.lambda.received).toHaveLength(2);
  });

  it.each([
    ['it does not exist', 'ResourceNotFoundException', 'NO_RESOURCE'],
    ['it does not take the payload', 'InvalidRequestContentException', 'INVALID_PARAMETER'],
  ])('is given up at once when %s', async (_case, error, code) => {
    // Prepare
    functionPolicy = policy({});
    answers.Invoke = () => {
      throw new AwsError(error, 'no');
    };
    putRule({ arn: FUNCTION, deadLetterArn: QUEUE });

    // Act
    put();

    // Assess
    expect(await deadLetter()).toMatchObject({ ERROR_CODE: code, ERROR_MESSAGE: 'no' });
  });
});

describe('A state machine as a target', () => {
  it('is started under the role of the target, with its input', async () => {
    // Prepare
    addRole('events.amazonaws.com', 'states:StartExecution');
    const input = parseTargetInput('t0', { InputPath: '$.detail' });
    putRule({ arn: MACHINE, roleArn: ROLE, ...(input && { input }) });

    // Act
    put();
    await called(stage, 'states:StartExecution');

    // Assess
    expect(services.states.received[0]).toMatchObject({
      caller: { type: 'role', roleArn: ROLE },
      input: { stateMachineArn: MACHINE, input: '{"n":1}' },
    });
  });

  it.each([
    ['does not trust EventBridge', 'lambda.amazonaws.com', 'states:StartExecution'],
    ['may not start it', 'events.amazonaws.com', 'states:StopExecution'],
  ])('is not started when the role %s', async (_case, service, action) => {
    // Prepare
    addRole(service, action);
    putRule({ arn: MACHINE, roleArn: ROLE, deadLetterArn: QUEUE });

    // Act
    const id = put();

    // Assess
    expect(await deadLetter()).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS', TARGET_ARN: MACHINE });
    expect(JSON.parse(String(services.sqs.received[0]?.input.MessageBody))).toMatchObject({ id });
  });
});

describe('Several targets', () => {
  it('get the event each in its own form, and fail each for itself', async () => {
    // Prepare
    addRole('events.amazonaws.com', 'states:StartExecution');
    const template = '{"rule": <aws.events.rule-name>, "n": <n>}';
    const input = parseTargetInput('t', {
      InputTransformer: { InputPathsMap: { n: '$.detail.n' }, InputTemplate: template },
    });
    putRule({ arn: FUNCTION }, { arn: MACHINE, roleArn: ROLE, ...(input && { input }) }, {});

    // Act
    const id = put();
    await Promise.all([called(stage, 'states:StartExecution'), called(stage, 'sqs:SendMessage')]);
    await new Promise(setImmediate);

    // Assess
    expect(services.states.received[0]?.input.input).toBe('{"rule":"r","n":1}');
    expect(JSON.parse(String(services.sqs.received[0]?.input.MessageBody))).toMatchObject({ id });
    expect(warnings).toMatchObject([{ target: FUNCTION, code: 'NO_PERMISSIONS' }]);
  });
});
