import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  RedshiftTarget,
  ServerlessWorkgroup,
  type SfnRedshiftTaskerProps,
  TaskerEncryption,
  WatchedExecutions,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { newStack, synthesize } from '../helpers/synth.ts';

/**
 * What holds open statements, and the properties by which CloudFormation replaces it (AWS's resource reference, "Update
 * requires: Replacement"). A replaced table has forgotten them, a replaced queue their events, a replaced role may not see them.
 */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType', 'DurableConfig'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'StartingPosition', 'SelfManagedEventSource'],
  'AWS::Events::Rule': ['Name', 'EventBusName'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'LogGroupClass'],
};

/** Every resource that must stay, by logical id, with all that makes CloudFormation replace it. */
const identityIn = (template: Template) =>
  Object.fromEntries(
    Object.entries(IDENTITY).flatMap(([type, properties]) =>
      Object.entries(template.findResources(type)).map(([id, { Properties = {} }]) => [
        id,
        properties.map((name) => (Properties as Record<string, unknown>)[name] ?? null),
      ]),
    ),
  ) as Record<string, unknown>;

/** What the invoker writes into rows and statement names, and the completers look statements up by. */
const wordsIn = (template: Template) => {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  return functions.map(([id, { Properties }]) => {
    const { Variables } = (Properties as { Environment: { Variables: Record<string, unknown> } }).Environment;
    const kept = ['TABLE_NAME', 'STATEMENT_NAME_PREFIX', 'TARGET_ID', 'OWNER_ROLE_ARN', 'COMPLETION_QUEUE_URL'];
    return { id, words: kept.map((name) => Variables[`SFN_REDSHIFT_${name}`]) };
  });
};

type Props = Partial<SfnRedshiftTaskerProps>;
type Change = (stack: Stack) => Props;

const CHANGES: readonly (readonly [string, Change])[] = [
  ['memory', () => ({ invoker: { memorySize: 512 }, completer: { memorySize: 512 }, sweep: { memorySize: 512 } })],
  [
    'timeouts',
    () => ({
      invoker: { timeout: Duration.minutes(1) },
      completer: { timeout: Duration.minutes(5) },
      sweep: { timeout: Duration.minutes(4), interval: Duration.minutes(5) },
    }),
  ],
  ['batches', () => ({ completer: { batchSize: 1, maxConcurrency: 2, maxReceiveCount: 9 } })],
  ['concurrency', () => ({ invoker: { reservedConcurrency: 9 }, completer: { reservedConcurrency: 9 } })],
  ['the sweep switched off', () => ({ sweep: { enabled: false } })],
  ['retention', () => ({ recordRetention: Duration.days(30), logRetention: RetentionDays.ONE_DAY })],
  ['watched state machines', () => ({ watchedExecutions: WatchedExecutions.ofStateMachines('load') })],
  [
    'the target',
    () => ({ target: RedshiftTarget.cluster({ clusterIdentifier: 'c2', database: 'prod', dbUser: 'other' }) }),
  ],
  [
    'another way to connect',
    () => ({
      target: RedshiftTarget.serverless({ workgroup: ServerlessWorkgroup.fromName('wg1'), database: 'dev' }),
    }),
  ],
  ['another key', (stack) => ({ encryptionKey: new Key(stack, 'Own') })],
  ['no key', () => ({ encryption: TaskerEncryption.AWS_OWNED })],
  ['the removal policy', () => ({ removalPolicy: RemovalPolicy.DESTROY })],
  ['the namespace of metrics', () => ({ metricsNamespace: 'Other' })],
];

describe('a tasker that is updated', () => {
  const before = synthesize().template;

  it.each(CHANGES)('in %s keeps everything that knows of open statements', (_what, change) => {
    const stack = newStack();
    const after = synthesize(change(stack), stack).template;
    expect(identityIn(after)).toEqual(identityIn(before));
    expect(wordsIn(after)).toEqual(wordsIn(before));
  });

  it('in all of that at once, too', () => {
    const stack = newStack();
    const all = Object.assign({}, ...CHANGES.filter(([what]) => what !== 'no key').map(([, change]) => change(stack)));
    const after = synthesize(all as Props, stack).template;
    expect(identityIn(after)).toEqual(identityIn(before));
    expect(wordsIn(after)).toEqual(wordsIn(before));
  });

  it('so that it no longer watches executions loses that rule alone', () => {
    const { template } = synthesize({ watchedExecutions: WatchedExecutions.none() });
    const { TaskerExecutionRule916CB765: rule, ...others } = identityIn(before);
    expect(rule).toBeDefined();
    expect(identityIn(template)).toEqual(others);
  });

  it('has no name of its own anywhere: what has one cannot be replaced by CloudFormation, nor deployed twice', () => {
    const names = ['TableName', 'QueueName', 'RoleName', 'FunctionName', 'Name', 'LogGroupName'];
    const resources = Object.keys(IDENTITY)
      .filter((type) => type !== 'AWS::Lambda::EventSourceMapping')
      .flatMap((type) => Object.values(before.findResources(type)));
    const given = resources.flatMap(({ Properties = {} }) => Object.keys(Properties as object));
    expect(given.filter((property) => names.includes(property))).toEqual([]);
  });
});

describe('a tasker that leaves the stack', () => {
  /** Types by what CloudFormation does with them, on removal and on replacement. */
  const fates = (template: Template, fate: string) => {
    const { Resources } = template.toJSON() as {
      Resources: Record<string, { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string }>;
    };
    const all = Object.values(Resources).filter(
      ({ DeletionPolicy, UpdateReplacePolicy }) => DeletionPolicy === fate && UpdateReplacePolicy === fate,
    );
    return [...new Set(all.map(({ Type }) => Type))].sort();
  };

  it('leaves behind what knows of open statements, and the key to it', () => {
    expect(fates(synthesize().template, 'Retain')).toEqual([
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::Logs::LogGroup',
    ]);
  });

  it('takes that with it where it is told to', () => {
    expect(fates(synthesize({ removalPolicy: RemovalPolicy.DESTROY }).template, 'Retain')).toEqual([]);
  });
});
