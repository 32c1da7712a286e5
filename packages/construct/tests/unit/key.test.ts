import { NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { propertiesOf, readable } from '../helpers/readable.ts';
import { addTasker, newApp, newStack, synthesize } from '../helpers/synth.ts';

const policyOf = (template: Template, id: string) =>
  (propertiesOf(template, 'AWS::KMS::Key', id)['KeyPolicy'] as { Statement: unknown[] }).Statement;

const SERVICES = [
  {
    Sid: 'EventBridgeSendsToQueues',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' } },
  },
  {
    Sid: 'CloudWatchLogsEncryptsLogGroups',
    Effect: 'Allow',
    Principal: { Service: 'logs.${AWS::Region}.${AWS::URLSuffix}' },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn':
          'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:Stack-*',
      },
    },
  },
];

const ACCOUNT_ADMINISTERS = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' },
  Action: 'kms:*',
  Resource: '*',
};

describe('a key that is made', () => {
  const { template } = synthesize();

  it('is rotated', () => {
    expect(propertiesOf(template, 'AWS::KMS::Key', 'TaskerKey')).toMatchObject({ EnableKeyRotation: true });
  });

  it('leaves roles to IAM, and lets EventBridge and CloudWatch Logs use it', () => {
    expect(policyOf(template, 'TaskerKey')).toEqual([ACCOUNT_ADMINISTERS, ...SERVICES]);
  });

  it('lets CloudWatch Logs use it for log groups of a nested stack, which are named after the outermost stack', () => {
    const stack = newStack();
    const nested = new NestedStack(stack, 'Inner');
    addTasker(nested);
    expect(policyOf(Template.fromStack(nested), 'TaskerKey')).toEqual([ACCOUNT_ADMINISTERS, ...SERVICES]);
  });
});

describe('a key of the app', () => {
  it('gets the statements, also where it belongs to another stack, without a cycle', () => {
    const app = newApp();
    const keys = new Stack(app, 'Keys');
    const encryptionKey = new Key(keys, 'Key');
    addTasker(new Stack(app, 'Stack'), { encryptionKey });
    expect(policyOf(Template.fromStack(keys), 'Key')).toEqual([ACCOUNT_ADMINISTERS, ...SERVICES]);
  });

  it('brings no warning', () => {
    const stack = newStack();
    addTasker(stack, { encryptionKey: new Key(stack, 'Key') });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('an imported key', () => {
  const stack = newStack();
  const encryptionKey = Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:111122223333:key/1234');
  addTasker(stack, { encryptionKey });

  it('brings one warning, at the tasker, that prints the statements its policy needs', () => {
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ id }) => id)).toEqual(['/Stack/Tasker']);
    const text = warnings[0]?.entry.data as string;
    expect(text).toMatch(/^encryptionKey: .*EventBridge cannot deliver completion events/);
    expect(text).toContain('[ack: sfn-redshift-tasker:importedKeyPolicy]');
    const printed = text.slice(text.indexOf('['), text.lastIndexOf(' [ack'));
    expect(readable(JSON.parse(printed))).toEqual(SERVICES);
  });

  it('protects table, queues and log groups', () => {
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 0);
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'TaskerCompletionQueue')).toMatchObject({
      KmsMasterKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234',
    });
  });
});
