import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { silentLog } from '../../../src/common/log.ts';
import type { Service } from '../../../src/common/service.ts';
import { createEventBus, type EventBus, type Rule } from '../../../src/event-bridge/index.ts';
import { Keys } from '../../../src/services/kms.ts';
import { startSqsAndS3 } from '../../../src/services/sqs-and-s3.ts';
import { account, startGateway, type TestGateway } from '../../helpers/gateway.ts';
import { called, queuesOf } from '../../helpers/queues.ts';

let stage: TestGateway;
let sqs: Service;
let keys: Keys;
let bus: EventBus;
let queues: ReturnType<typeof queuesOf>;
let closeQueues: () => Promise<void>;

beforeEach(async () => {
  stage = await startGateway();
  const { gateway, clock, identities } = stage;
  keys = new Keys({ account, clock });
  const started = await startSqsAndS3(account, { endpoint: () => gateway.endpoint, keys });
  sqs = started.sqs;
  closeQueues = () => started.close();
  for (const service of [sqs, keys]) gateway.register(service);
  bus = createEventBus({
    account,
    clock,
    endpoint: () => gateway.endpoint,
    roles: identities,
    calls: gateway,
    log: silentLog,
  });
  queues = queuesOf(stage);
});
afterEach(async () => {
  queues.sqs.destroy();
  await bus.close();
  await stage.close();
  await closeQueues();
});

const RULE_ARN = `arn:aws:events:${account.region}:${account.accountId}:rule/r`;
const rule = (target: Partial<Rule['targets'][number]> = {}, more: Partial<Rule> = {}): Rule => ({
  name: 'r',
  arn: RULE_ARN,
  pattern: { source: ['test'] },
  enabled: true,
  targets: [{ id: 't', arn: queues.arnOf('q'), ...target }],
  ...more,
});
const event = { source: 'test', 'detail-type': 'Test', resources: ['arn:x'], detail: { n: 1 } };

/** A queue that events of the rule may be sent to. */
const createQueue = async (
  name: string,
  statement: Record<string, unknown> = {},
  attributes: Record<string, string> = {},
) => {
  await queues.create(name, attributes);
  const allow = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queues.arnOf(name),
    Condition: { ArnEquals: { 'aws:SourceArn': RULE_ARN } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...allow, ...statement }] });
  await queues.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queues.urlOf(name), Attributes: { Policy } }));
};

const failWith = (error: AwsError, times: number) => {
  let left = times;
  stage.gateway.register({
    ...sqs,
    name: 'sqs',
    permissionsFor: (call) => sqs.permissionsFor(call),
    perform: (call) => {
      const fails = call.operation === 'SendMessage' && String(call.input.QueueUrl).endsWith('/q') && left-- > 0;
      return fails ? Promise.reject(error) : sqs.perform(call);
    },
  });
};

describe('The event bus', () => {
  it('sends a matching event to the queue of a rule, in its envelope', async () => {
    // Prepare
    await createQueue('q');
    bus.putRule(rule());

    // Act
    bus.put({ ...event, source: 'other' });
    bus.put(event);
    const messages = await queues.receive('q');

    // Assess
    expect(messages.map(({ Body = '' }) => JSON.parse(Body) as unknown)).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Test',
        source: 'test',
        account: account.accountId,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: account.region,
        resources: ['arn:x'],
        detail: { n: 1 },
      },
    ]);
  });

  it('sends nothing for a rule that is disabled or deleted', async () => {
    // Prepare
    await createQueue('q');
    bus.putRule(rule({}, { enabled: false }));
    bus.putRule(rule({}, { name: 'gone' }));
    bus.deleteRule('gone');
    bus.putRule(rule({ arn: queues.arnOf('marker') }, { name: 'last' }));
    await createQueue('marker');

    // Act
    bus.put(event);
    await queues.receive('marker');

    // Assess
    expect(await queues.counts('q')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('tries again what may pass', async () => {
    // Prepare
    await createQueue('q');
    failWith(new AwsError('RequestThrottled', 'slow down', { status: 403 }), 2);
    bus.putRule(rule());

    // Act
    bus.put(event);
    const messages = await queues.receive('q');

    // Assess
    expect(messages).toHaveLength(1);
  });

  it('hands an event to the dead-letter queue when its retries are used up', async () => {
    // Prepare
    await createQueue('q');
    await createQueue('dead');
    failWith(new AwsError('InternalError', 'broken', { status: 500 }), 100);
    bus.putRule(rule({ deadLetterArn: queues.arnOf('dead'), maximumRetryAttempts: 1 }));

    // Act
    bus.put(event);
    const [message] = await queues.receive('dead');

    // Assess
    expect(
      Object.fromEntries(
        Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    ).toEqual({
      RULE_ARN,
      TARGET_ARN: queues.arnOf('q'),
      ERROR_CODE: 'ERROR_FROM_TARGET',
      ERROR_MESSAGE: 'broken',
      RETRY_ATTEMPTS: '1',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });
  });

  it('gives up an event that is too old', async () => {
    // Prepare
    await createQueue('q');
    await createQueue('dead');
    failWith(new AwsError('InternalError', 'broken', { status: 500 }), 100);
    bus.putRule(rule({ deadLetterArn: queues.arnOf('dead'), maximumEventAgeInSeconds: 60 }));

    // Act
    bus.put(event);
    await called(stage, 'sqs:SendMessage');
    await new Promise(setImmediate);
    stage.clock.advance(61_000);
    const [message] = await queues.receive('dead');

    // Assess
    expect(message?.MessageAttributes?.EXHAUSTED_RETRY_CONDITION?.StringValue).toBe('MaximumEventAgeInSeconds');
  });

  it.each([
    ['the queue does not exist', 'NO_RESOURCE', () => Promise.resolve()],
    ['the queue has no policy', 'NO_PERMISSIONS', () => queues.create('q')],
    [
      'the policy is for another rule',
      'NO_PERMISSIONS',
      () => createQueue('q', { Condition: { ArnEquals: { 'aws:SourceArn': `${RULE_ARN}x` } } }),
    ],
    [
      'the policy is for another service',
      'NO_PERMISSIONS',
      () => createQueue('q', { Principal: { Service: 's3.amazonaws.com' } }),
    ],
    [
      'the key of the queue is closed to EventBridge',
      'NO_PERMISSIONS',
      () => createQueue('q', {}, { KmsMasterKeyId: keys.create().arn }),
    ],
  ])('hands an event over at once when %s', async (_case, code, prepare) => {
    // Prepare
    await prepare();
    await createQueue('dead');
    bus.putRule(rule({ deadLetterArn: queues.arnOf('dead') }));

    // Act
    bus.put(event);
    const [message] = await queues.receive('dead');

    // Assess
    expect(message?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: code },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
  });

  it('reaches an encrypted queue whose key is open to EventBridge', async () => {
    // Prepare
    const forEvents = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': account.accountId } },
    };
    const { arn } = keys.create({ policy: { Version: '2012-10-17', Statement: [forEvents] } });
    await createQueue('q', {}, { KmsMasterKeyId: arn });
    bus.putRule(rule());

    // Act
    bus.put(event);

    // Assess
    expect(await queues.receive('q')).toHaveLength(1);
  });

  it('loses an event whose dead-letter queue is closed to it too', async () => {
    // Prepare
    await queues.create('dead');
    bus.putRule(rule({ deadLetterArn: queues.arnOf('dead') }));

    // Act
    bus.put(event);
    await called(stage, 'sqs:SendMessage', 2);

    // Assess
    expect(
      stage.gateway.calls
        .entries()
        .map(({ operation, outcome }) => [operation, outcome])
        .filter(([name]) => name === 'SendMessage'),
    ).toEqual([
      ['SendMessage', 'QueueDoesNotExist'],
      ['SendMessage', 'AccessDeniedException'],
    ]);
  });
});
