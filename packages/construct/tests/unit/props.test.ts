import { CfnParameter, Duration, type Stack, Token } from 'aws-cdk-lib';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { RedshiftTarget, type SfnRedshiftTaskerProps, TaskerEncryption, WatchedExecutions } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf } from '../helpers/readable.ts';
import { addTasker, newStack, synthesize } from '../helpers/synth.ts';

type Props = Partial<SfnRedshiftTaskerProps>;
const adding =
  (props: Props, stack: Stack = newStack()) =>
  () =>
    addTasker(stack, props);

describe('props out of range', () => {
  const refused: [Props, string][] = [
    [{ invoker: { memorySize: 127 } }, 'invoker.memorySize: must be a whole number from 128 to 10240; received 127'],
    [
      { invoker: { memorySize: 10_241 } },
      'invoker.memorySize: must be a whole number from 128 to 10240; received 10241',
    ],
    [
      { invoker: { memorySize: 256.5 } },
      'invoker.memorySize: must be a whole number from 128 to 10240; received 256.5',
    ],
    [
      { invoker: { timeout: Duration.seconds(9) } },
      'invoker.timeout: must be whole seconds from 10 seconds to 15 minutes; received Duration.seconds(9)',
    ],
    [
      { invoker: { timeout: Duration.millis(10_500) } },
      'invoker.timeout: must be whole seconds from 10 seconds to 15 minutes; received Duration.millis(10500)',
    ],
    [
      { invoker: { reservedConcurrency: 0 } },
      'invoker.reservedConcurrency: must be a whole number, 1 or more; received 0',
    ],
    [{ completer: { memorySize: 1 } }, 'completer.memorySize: must be a whole number from 128 to 10240; received 1'],
    [
      { completer: { timeout: Duration.minutes(16) } },
      'completer.timeout: must be whole seconds from 10 seconds to 15 minutes; received Duration.minutes(16)',
    ],
    [
      { completer: { maxConcurrency: 1 } },
      'completer.maxConcurrency: must be a whole number from 2 to 1000; received 1',
    ],
    [
      { completer: { maxConcurrency: 1001 } },
      'completer.maxConcurrency: must be a whole number from 2 to 1000; received 1001',
    ],
    [{ completer: { batchSize: 0 } }, 'completer.batchSize: must be a whole number from 1 to 10; received 0'],
    [{ completer: { batchSize: 11 } }, 'completer.batchSize: must be a whole number from 1 to 10; received 11'],
    [
      { completer: { maxReceiveCount: 4 } },
      'completer.maxReceiveCount: must be a whole number from 5 to 1000; received 4',
    ],
    [
      { completer: { maxReceiveCount: Number.NaN } },
      'completer.maxReceiveCount: must be a whole number from 5 to 1000; received NaN',
    ],
    [
      { completer: { timeout: Duration.seconds(9) } },
      'completer.timeout: must be whole seconds from 10 seconds to 15 minutes; received Duration.seconds(9)',
    ],
    [
      { completer: { timeout: Duration.minutes(15), maxReceiveCount: 64 } },
      'completer.maxReceiveCount: must be at most 63: with this completer.timeout a message is received every 90 minutes, and after 4 days the queue drops it: before it could come into the dead-letter queue; received 64',
    ],
    [
      { completer: { timeout: Duration.seconds(59), maxReceiveCount: 977 } },
      'completer.maxReceiveCount: must be at most 976: with this completer.timeout a message is received every 5.9 minutes, and after 4 days the queue drops it: before it could come into the dead-letter queue; received 977',
    ],
    [
      { completer: { reservedConcurrency: 0 } },
      'completer.reservedConcurrency: must be a whole number, 1 or more; received 0',
    ],
    [
      { completer: { reservedConcurrency: 4 } },
      'completer.reservedConcurrency: must be at least 5, as completer.maxConcurrency: batches beyond it would be throttled, and their messages use up receives; received 4',
    ],
    [
      { completer: { maxConcurrency: 8, reservedConcurrency: 7 } },
      'completer.reservedConcurrency: must be at least 8, as completer.maxConcurrency: batches beyond it would be throttled, and their messages use up receives; received 7',
    ],
    [{ sweep: { memorySize: 127 } }, 'sweep.memorySize: must be a whole number from 128 to 10240; received 127'],
    [
      { sweep: { interval: Duration.seconds(30) } },
      'sweep.interval: must be whole minutes, 1 to 60; received Duration.seconds(30)',
    ],
    [
      { sweep: { interval: Duration.seconds(90) } },
      'sweep.interval: must be whole minutes, 1 to 60; received Duration.seconds(90)',
    ],
    [
      { sweep: { interval: Duration.minutes(61) } },
      'sweep.interval: must be whole minutes, 1 to 60; received Duration.minutes(61)',
    ],
    [
      { sweep: { timeout: Duration.seconds(9) } },
      'sweep.timeout: must be whole seconds from 10 seconds to 15 minutes; received Duration.seconds(9)',
    ],
    [
      { sweep: { timeout: Duration.seconds(61) } },
      'sweep.timeout: must be no longer than sweep.interval, or runs would overlap and look at the same statements (Duration.minutes(1)); received Duration.seconds(61)',
    ],
    [
      { sweep: { interval: Duration.minutes(5), timeout: Duration.minutes(6) } },
      'sweep.timeout: must be no longer than sweep.interval, or runs would overlap and look at the same statements (Duration.minutes(5)); received Duration.minutes(6)',
    ],
    [
      { recordRetention: Duration.days(5) },
      'recordRetention: must be whole days, 6 or more: a statement runs for up to 1, its event may take 1 to arrive and wait 4 in the queue, and without its row nobody knows which task to answer; received Duration.days(5)',
    ],
    [
      { recordRetention: Duration.hours(150) },
      'recordRetention: must be whole days, 6 or more: a statement runs for up to 1, its event may take 1 to arrive and wait 4 in the queue, and without its row nobody knows which task to answer; received Duration.hours(150)',
    ],
    [
      { metricsNamespace: 'AWS/Redshift' },
      'metricsNamespace: must be 1 to 255 letters, digits or any of _ . # / - and not begin with AWS/; received "AWS/Redshift"',
    ],
    [
      { metricsNamespace: '' },
      'metricsNamespace: must be 1 to 255 letters, digits or any of _ . # / - and not begin with AWS/; received ""',
    ],
  ];

  it.each(refused)('%j is refused, naming the property and what it got', (props, message) => {
    expect(adding(props)).toThrow(new Error(message));
  });

  it.each([['a b'], ['a:b'], ['**'], ['arn:aws:states:r:1:stateMachine:load'], ['x'.repeat(81)], ['']])(
    'refuses %j as the name of a watched state machine',
    (name) => {
      expect(() => WatchedExecutions.ofStateMachines('load', name)).toThrow(
        `watchedExecutions: must be the name of a state machine, or the beginning of one and an asterisk; received ${JSON.stringify(name).slice(0, 80)}`,
      );
    },
  );

  it('refuses no names at all, which would watch nothing', () => {
    expect(() => WatchedExecutions.ofStateMachines()).toThrow(
      /^watchedExecutions: .* at least one name; received none$/,
    );
  });

  it('refuses a key together with keys that AWS owns', () => {
    const stack = newStack();
    const props = { encryption: TaskerEncryption.AWS_OWNED, encryptionKey: new Key(stack, 'Key') };
    expect(adding(props, stack)).toThrow(/^encryptionKey: must not be given together with encryption AWS_OWNED/);
  });

  it.each([
    ['made', (stack: Stack) => new Alias(stack, 'Alias', { aliasName: 'alias/x', targetKey: new Key(stack, 'Key') })],
    ['imported', (stack: Stack) => Alias.fromAliasName(stack, 'Alias', 'alias/x')],
    ['given by ARN', (stack: Stack) => Key.fromKeyArn(stack, 'Alias', 'arn:aws:kms:eu-west-1:111122223333:alias/x')],
  ])('refuses an alias that is %s, because a role that may use an alias may use no key', (_how, aliasIn) => {
    const stack = newStack();
    const message = 'encryptionKey: must be a key, not an alias of one; received "Stack/Alias"';
    expect(adding({ encryptionKey: aliasIn(stack) }, stack)).toThrow(new Error(message));
  });

  it('leaves the stack as it was', () => {
    const stack = newStack();
    expect(adding({ completer: { batchSize: 11 } }, stack)).toThrow();
    expect(stack.node.tryFindChild('Tasker')?.node.children ?? []).toEqual([]);
  });
});

describe('a cluster that cannot be', () => {
  const cluster = (change: object) => () =>
    RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl', ...change });
  const identifierRule =
    'clusterIdentifier: must be the identifier of a cluster (1 to 63 lower-case letters, digits and single hyphens, a letter first)';

  it.each(['', 'C1', '1c', 'c--1', 'c-', 'c_1', 'c*', 'c/1', 'c'.repeat(64)])('refuses identifier "%s"', (value) => {
    expect(cluster({ clusterIdentifier: value })).toThrow(new Error(`${identifierRule}; received "${value}"`));
  });

  it.each(['', '*', 'a/b', 'a b', 'd'.repeat(128)])('refuses database and user "%s"', (value) => {
    const shown = value.length > 80 ? `"${value.slice(0, 79)}…` : `"${value}"`;
    for (const property of ['database', 'dbUser']) {
      expect(cluster({ [property]: value })).toThrow(
        new Error(`${property}: must be 1 to 127 letters, digits or any of _ + . @ $ -; received ${shown}`),
      );
    }
  });

  it('refuses what is no text', () => {
    expect(cluster({ dbUser: undefined })).toThrow('dbUser: must be');
    expect(cluster({ database: 7 })).toThrow(
      'database: must be 1 to 127 letters, digits or any of _ + . @ $ -; received 7',
    );
  });
});

describe('props at the edge of their range', () => {
  const accepted: Props[] = [
    { invoker: { memorySize: 128, timeout: Duration.seconds(10), reservedConcurrency: 1 } },
    { invoker: { memorySize: 10_240, timeout: Duration.minutes(15) } },
    { completer: { maxConcurrency: 2, batchSize: 1, maxReceiveCount: 5, timeout: Duration.seconds(10) } },
    { completer: { maxConcurrency: 1000, batchSize: 10, maxReceiveCount: 1000 } },
    { completer: { maxReceiveCount: 63, timeout: Duration.minutes(15) } },
    { completer: { maxConcurrency: 7, reservedConcurrency: 7 } },
    { sweep: { interval: Duration.minutes(1), timeout: Duration.seconds(10), memorySize: 128 } },
    { sweep: { interval: Duration.hours(1), timeout: Duration.minutes(15), enabled: false } },
    { recordRetention: Duration.days(6), metricsNamespace: 'a' },
  ];
  it.each(accepted)('%j is accepted', (props) => {
    expect(adding(props)).not.toThrow();
  });
});

describe('a token', () => {
  const token = (stack: Stack, id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  const beside: [string, (value: number) => Props][] = [
    ['sweep.interval', (value) => ({ sweep: { interval: Duration.minutes(value), timeout: Duration.minutes(15) } })],
    ['sweep.timeout', (value) => ({ sweep: { timeout: Duration.seconds(value) } })],
    ['completer.maxConcurrency', (value) => ({ completer: { maxConcurrency: value, reservedConcurrency: 1 } })],
    ['completer.reservedConcurrency', (value) => ({ completer: { maxConcurrency: 9, reservedConcurrency: value } })],
    [
      'completer.maxReceiveCount',
      (value) => ({ completer: { maxReceiveCount: value, timeout: Duration.minutes(15) } }),
    ],
  ];

  it.each(beside)('as %s contradicts nothing', (_property, propsOf) => {
    const stack = newStack();
    expect(adding(propsOf(token(stack, 'Value')), stack)).not.toThrow();
  });

  it('as completer.timeout hides messages for 90 minutes, and no more receives fit than then', () => {
    const stack = newStack();
    const timeout = Duration.seconds(token(stack, 'Timeout'));
    expect(adding({ completer: { timeout, maxReceiveCount: 64 } }, stack)).toThrow(
      'completer.maxReceiveCount: must be at most 63: with this completer.timeout a message is received every 90 minutes',
    );
  });
});

describe('tokens', () => {
  const stack = newStack();
  const text = (id: string) => new CfnParameter(stack, id).valueAsString;
  const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  const { template } = synthesize(
    {
      target: RedshiftTarget.cluster({
        clusterIdentifier: text('Cluster'),
        database: text('Database'),
        dbUser: text('DbUser'),
      }),
      invoker: {
        memorySize: number('InvokerMemory'),
        timeout: Duration.seconds(number('InvokerTimeout')),
        reservedConcurrency: number('Reserved'),
      },
      completer: {
        memorySize: number('DrainMemory'),
        timeout: Duration.seconds(number('DrainTimeout')),
        maxConcurrency: number('Concurrency'),
        batchSize: number('BatchSize'),
        maxReceiveCount: number('Receives'),
        reservedConcurrency: number('DrainReserved'),
      },
      sweep: {
        memorySize: number('SweepMemory'),
        timeout: Duration.seconds(number('SweepTimeout')),
        interval: Duration.minutes(number('SweepInterval')),
      },
      recordRetention: Duration.days(number('Days')),
      metricsNamespace: text('Namespace'),
      encryptionKey: Key.fromKeyArn(stack, 'Imported', Token.asString({ 'Fn::ImportValue': 'key' })),
    },
    stack,
  );

  it('reach the functions', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerInvoker')).toMatchObject({
      MemorySize: '${InvokerMemory}',
      Timeout: '${InvokerTimeout}',
      ReservedConcurrentExecutions: '${Reserved}',
      Environment: {
        Variables: {
          SFN_REDSHIFT_CLUSTER_IDENTIFIER: '${Cluster}',
          SFN_REDSHIFT_DATABASE: '${Database}',
          SFN_REDSHIFT_DB_USER: '${DbUser}',
          SFN_REDSHIFT_RETENTION_DAYS: '${Days}',
          POWERTOOLS_METRICS_NAMESPACE: '${Namespace}',
        },
      },
    });
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerDrain')).toMatchObject({
      MemorySize: '${DrainMemory}',
      ReservedConcurrentExecutions: '${DrainReserved}',
      Timeout: '${DrainTimeout}',
    });
  });

  it('reach the sweep and its schedule', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerSweep')).toMatchObject({
      MemorySize: '${SweepMemory}',
      Timeout: '${SweepTimeout}',
    });
    expect(propertiesOf(template, 'AWS::Events::Rule', 'TaskerSweepSchedule')).toMatchObject({
      ScheduleExpression: 'rate(${SweepInterval} minutes)',
    });
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerInvoker')).toMatchObject({
      Environment: { Variables: { SFN_REDSHIFT_SWEEP_INTERVAL: '${SweepInterval} minutes' } },
    });
  });

  it('reach the mapping and the queue, which then hides a message long enough for any timeout', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping', 'TaskerDrainCompletionEventSource')).toMatchObject(
      { BatchSize: '${BatchSize}', ScalingConfig: { MaximumConcurrency: '${Concurrency}' } },
    );
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'TaskerCompletionQueue')).toMatchObject({
      RedrivePolicy: { maxReceiveCount: '${Receives}' },
      VisibilityTimeout: 5400,
    });
  });

  it('reach the policy of the invoker', () => {
    expect(JSON.stringify(propertiesOf(template, 'AWS::IAM::Policy', 'TaskerInvokerRoleDefaultPolicy'))).toContain(
      ':dbuser:${Cluster}/${DbUser}"',
    );
  });
});
