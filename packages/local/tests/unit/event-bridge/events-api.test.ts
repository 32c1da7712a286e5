import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/common/log.ts';
import type { ApiCall } from '../../../src/common/service.ts';
import { createEventBus, type EventBus, parseTargetInput, type Rule } from '../../../src/event-bridge/index.ts';
import {
  account,
  addRole,
  type RecordingService,
  recordingService,
  sessionOf,
  startGateway,
  type TestGateway,
} from '../../helpers/gateway.ts';
import { called } from '../../helpers/queues.ts';

let stage: TestGateway;
let bus: EventBus;
let sqs: RecordingService;
let events: EventBridgeClient;

beforeEach(async () => {
  stage = await startGateway();
  const { gateway, clock, identities } = stage;
  const endpoint = () => gateway.endpoint;
  bus = createEventBus({ account, clock, endpoint, roles: identities, calls: gateway, log: silentLog });
  sqs = recordingService('sqs', () => ({}));
  for (const service of [bus, sqs]) gateway.register(service);
  events = new EventBridgeClient(stage.client());
});
afterEach(async () => {
  events.destroy();
  await bus.close();
  await stage.close();
});

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;
const ruleNamed = (name: string, more: Partial<Rule> = {}): Rule => ({
  name,
  arn: arn('events', `rule/${name}`),
  pattern: { source: ['test'] },
  enabled: true,
  targets: [{ id: 't', arn: arn('sqs', 'q') }],
  ...more,
});
const entry: PutEventsRequestEntry = { Source: 'test', DetailType: 'Test', Detail: '{"n":1}' };
const put = (...Entries: readonly PutEventsRequestEntry[]) =>
  events.send(new PutEventsCommand({ Entries: [...Entries] }));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const bodyOf = (call: ApiCall | undefined) => JSON.parse(String(call?.input.MessageBody)) as Record<string, unknown>;

describe('PutEvents', () => {
  it('puts events on the bus, with what they say and what the bus adds', async () => {
    // Prepare
    bus.putRule(ruleNamed('r'));

    // Act
    const { Entries, FailedEntryCount } = await put({
      ...entry,
      Resources: ['arn:x'],
      Time: new Date('2026-01-02T03:04:05.678Z'),
      EventBusName: 'default',
    });
    await called(stage, 'sqs:SendMessage');

    // Assess
    expect(FailedEntryCount).toBe(0);
    expect(bodyOf(sqs.received[0])).toEqual({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'Test',
      source: 'test',
      account: account.accountId,
      time: '2026-01-02T03:04:05Z',
      region: account.region,
      resources: ['arn:x'],
      detail: { n: 1 },
    });
  });

  it('refuses entries one by one', async () => {
    // Act
    const { Entries, FailedEntryCount } = await put(
      { ...entry, Source: undefined },
      { ...entry, DetailType: '' },
      { ...entry, Detail: undefined },
      { ...entry, Detail: '{' },
      { ...entry, Detail: '[]' },
      { ...entry, Source: 'aws.states' },
      entry,
    );

    // Assess
    expect(FailedEntryCount).toBe(6);
    expect(Entries?.map(({ ErrorCode, ErrorMessage }) => [ErrorCode, ErrorMessage])).toEqual([
      ['InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.'],
      ['InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.'],
      ['InvalidArgument', 'Parameter Detail is not valid. Reason: Detail is a required argument.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['NotAuthorizedForSourceException', 'Not authorized for the source.'],
      [undefined, undefined],
    ]);
  });

  it.each([
    ['no entries', [], 'Member must have length greater than or equal to 1'],
    [
      'too many entries',
      Array<PutEventsRequestEntry>(11).fill(entry),
      'Member must have length less than or equal to 10',
    ],
    [
      'too large entries',
      [{ ...entry, Detail: JSON.stringify({ text: 'x'.repeat(1_048_576) }) }],
      'Total size of the entries in the request is over the limit.',
    ],
  ])('refuses %s as a whole', async (_what, Entries, message) => {
    expect(await refusal(put(...Entries))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['another bus', { EventBusName: 'own' }, 'other event buses than default'],
    ['a trace header', { TraceHeader: 'Root=1' }, 'TraceHeader'],
  ])('refuses %s by name', async (_what, more, message) => {
    expect(await refusal(put({ ...entry, ...more }))).toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining(message),
    });
  });

  it('needs the permission on the bus, for each source', async () => {
    // Prepare
    const condition = { StringEquals: { 'events:source': 'test' } };
    const Resource = arn('events', 'event-bus/default');
    const role = addRole(stage, 'putter', {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource,
      Condition: condition,
    });
    const client = new EventBridgeClient(stage.client(sessionOf(stage, role)));

    // Act
    const allowed = await refusal(client.send(new PutEventsCommand({ Entries: [entry] })));
    const denied = await refusal(
      client.send(new PutEventsCommand({ Entries: [entry, { ...entry, Source: 'other' }] })),
    );
    client.destroy();

    // Assess
    expect([allowed, denied]).toMatchObject([
      undefined,
      { name: 'AccessDeniedException', message: expect.stringContaining(`events:PutEvents on resource: ${Resource}`) },
    ]);
  });
});

describe('TestEventPattern', () => {
  const Event = JSON.stringify({
    id: '1',
    account: '1',
    source: 'test',
    time: '2026-01-01T00:00:00Z',
    region: 'r',
    resources: [],
    'detail-type': 'Test',
    detail: { a: 'x' },
  });
  const test = (EventPattern: string, event = Event) =>
    events.send(new TestEventPatternCommand({ EventPattern, Event: event }));

  it('tells whether a pattern matches an event', async () => {
    expect([
      (await test('{"detail":{"a":["x"]}}')).Result,
      (await test('{"detail":{"a":[{"anything-but":"x"}]}}')).Result,
    ]).toEqual([true, false]);
  });

  it.each([
    ['a pattern that is no JSON', '{', Event, 'InvalidEventPatternException', 'Event pattern is not valid. Reason: '],
    ['a pattern', '{"a":"x"}', Event, 'InvalidEventPatternException', '"a" must be an object or an array'],
    ['an event that is no JSON', '{"a":["x"]}', '{', 'ValidationException', 'Parameter Event is not valid.'],
    [
      'an event without its envelope',
      '{"a":["x"]}',
      '{"id":"1"}',
      'ValidationException',
      'account is a required field',
    ],
  ])('refuses %s', async (_what, pattern, event, name, message) => {
    expect(await refusal(test(pattern, event))).toMatchObject({ name, message: expect.stringContaining(message) });
  });
});

describe('Rules over the API', () => {
  it('are described, with their targets', async () => {
    // Prepare
    const InputTransformer = { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '"<n>"' };
    const input = parseTargetInput('t', { InputTransformer });
    const target = {
      id: 't',
      arn: arn('sqs', 'q'),
      deadLetterArn: arn('sqs', 'd'),
      maximumRetryAttempts: 3,
      ...(input && { input }),
    };
    bus.putRule(ruleNamed('r', { description: 'what for', targets: [target] }));
    bus.putRule({ ...ruleNamed('s'), pattern: undefined, schedule: 'rate(1 day)', enabled: false });

    // Act
    const described = await events.send(new DescribeRuleCommand({ Name: 'r' }));
    const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: 's' }));
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'r' }));

    // Assess
    expect(described).toMatchObject({
      Name: 'r',
      Arn: arn('events', 'rule/r'),
      EventPattern: '{"source":["test"]}',
      State: 'ENABLED',
      Description: 'what for',
      EventBusName: 'default',
      CreatedBy: account.accountId,
    });
    expect(Rules).toMatchObject([{ Name: 's', ScheduleExpression: 'rate(1 day)', State: 'DISABLED' }]);
    expect(Targets).toEqual([
      {
        Id: 't',
        Arn: target.arn,
        InputTransformer,
        DeadLetterConfig: { Arn: target.deadLetterArn },
        RetryPolicy: { MaximumRetryAttempts: 3 },
      },
    ]);
  });

  it('are listed page by page', async () => {
    // Prepare
    for (const name of ['c', 'a', 'b']) bus.putRule(ruleNamed(name));

    // Act
    const first = await events.send(new ListRulesCommand({ Limit: 2 }));
    const second = await events.send(new ListRulesCommand({ Limit: 2, NextToken: first.NextToken }));

    // Assess
    expect([first.Rules, second.Rules].map((page) => page?.map(({ Name }) => Name))).toEqual([['a', 'b'], ['c']]);
    expect(second.NextToken).toBeUndefined();
  });

  it('match nothing while they are disabled', async () => {
    // Prepare
    bus.putRule(ruleNamed('r'));

    // Act
    await events.send(new DisableRuleCommand({ Name: 'r' }));
    await put({ ...entry, Detail: '{"n":1}' });
    await events.send(new EnableRuleCommand({ Name: 'r' }));
    await put({ ...entry, Detail: '{"n":2}' });
    await called(stage, 'sqs:SendMessage');

    // Assess
    expect(sqs.received.map((call) => bodyOf(call).detail)).toEqual([{ n: 2 }]);
  });

  it('need permissions of their own', async () => {
    // Prepare
    bus.putRule(ruleNamed('r'));
    const role = addRole(stage, 'reader', {
      Effect: 'Allow',
      Action: 'events:DescribeRule',
      Resource: arn('events', 'rule/r'),
    });
    const client = new EventBridgeClient(stage.client(sessionOf(stage, role)));

    // Act
    const allowed = await refusal(client.send(new DescribeRuleCommand({ Name: 'r' })));
    const denied = await refusal(client.send(new DisableRuleCommand({ Name: 'r' })));
    client.destroy();

    // Assess
    expect([allowed, denied]).toMatchObject([undefined, { name: 'AccessDeniedException' }]);
  });

  it('are not there when they are unknown, and come from templates only', async () => {
    expect(await refusal(events.send(new DescribeRuleCommand({ Name: 'none' })))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule none does not exist on EventBus default.',
    });
    expect(await refusal(events.send(new ListRulesCommand({ EventBusName: 'own' })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await refusal(events.send(new ListRulesCommand({ Limit: 101 })))).toMatchObject({
      name: 'ValidationException',
    });
    expect(
      await refusal(events.send(new PutRuleCommand({ Name: 'r', ScheduleExpression: 'rate(1 day)' }))),
    ).toMatchObject({ name: 'UnknownOperationException' });
  });

  it.each([
    ['neither pattern nor schedule', { pattern: undefined }, 'EventPattern or ScheduleExpression must be specified'],
    [
      'six targets',
      { targets: Array.from({ length: 6 }, (_, n) => ({ id: `t${n}`, arn: arn('sqs', 'q') })) },
      'The requested resource exceeds the maximum number allowed.',
    ],
    [
      'two targets of one id',
      { targets: [0, 1].map(() => ({ id: 't', arn: arn('sqs', 'q') })) },
      'Targets of one rule must have different ids.',
    ],
  ])('are refused with %s', (_what, more, message) => {
    expect(() => bus.putRule(ruleNamed('r', more as Partial<Rule>))).toThrow(message);
  });
});

describe('A schedule', () => {
  const MINUTE = 60_000;
  const scheduled = { ...ruleNamed('s'), pattern: undefined, schedule: 'rate(1 minute)' };

  it('sends an event of its own to the targets of its rule, for each time that was due', async () => {
    // Prepare
    const startedAt = stage.clock.now();
    bus.putRule(scheduled);

    // Act
    stage.clock.advance(60.5 * MINUTE);
    await called(stage, 'sqs:SendMessage', 60);

    // Assess
    const received = sqs.received.map(bodyOf);
    expect(received[0]).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [scheduled.arn],
      detail: {},
    });
    expect(received.map(({ time }) => Math.round((Date.parse(String(time)) - startedAt) / MINUTE))).toEqual(
      Array.from({ length: 60 }, (_, n) => n + 1),
    );
  });

  it('rests while its rule is disabled, and is seen by no other rule', async () => {
    // Prepare
    bus.putRule({ ...scheduled, enabled: false });
    bus.putRule({ ...ruleNamed('other'), pattern: { source: ['aws.events'] } });

    // Act
    stage.clock.advance(5.5 * MINUTE);
    await events.send(new EnableRuleCommand({ Name: 's' }));
    stage.clock.advance(1.5 * MINUTE);
    await called(stage, 'sqs:SendMessage');
    bus.deleteRule('s');
    stage.clock.advance(5 * MINUTE);
    await new Promise(setImmediate);

    // Assess
    expect(sqs.received).toHaveLength(1);
  });
});
