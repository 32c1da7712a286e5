import { arnIn } from '../../common/arn.ts';
import { AwsError } from '../../common/aws-error.ts';
import type { IntegerRange, Properties } from '../properties.ts';
import { defined } from '../property-values.ts';
import { nameOf, type ResourceType } from '../resource.ts';
import { callAsCloudFormation } from '../stage-parts.ts';

const INTEGERS: Readonly<Record<string, IntegerRange>> = {
  DelaySeconds: { from: 0, to: 900 },
  KmsDataKeyReusePeriodSeconds: { from: 60, to: 86_400 },
  MaximumMessageSize: { from: 1024, to: 1_048_576 },
  MessageRetentionPeriod: { from: 60, to: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { from: 0, to: 20 },
  VisibilityTimeout: { from: 0, to: 43_200 },
};

/** What SQS takes for an attribute that is not given (any more). */
const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  KmsDataKeyReusePeriodSeconds: '300',
  KmsMasterKeyId: '',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

export const sqsQueue: ResourceType = {
  replacement: ['FifoQueue', 'QueueName'],
  plan: (resource, { account, parts }) => {
    const { properties } = resource;
    const QueueName = nameOf(resource, 'QueueName', { longest: 80 });
    properties.only('FifoQueue', false);
    properties.only('ContentBasedDeduplication', false);
    const wanted = { Attributes: attributesOf(properties), tags: tagsOf(properties) };
    const QueueUrl = `${parts.endpoint}/${account.accountId}/${QueueName}`;
    const call = (operation: string, input: Input) => callAsCloudFormation(parts, 'sqs', operation, input);
    return {
      physicalId: QueueUrl,
      attributes: { Arn: arnIn(account, 'sqs', QueueName), QueueName, QueueUrl },
      create: async () => {
        // SQS takes the creation of a queue that there is, with the same attributes, for done.
        if (await isThere(call('GetQueueUrl', { QueueName }))) throw new Error(`${QueueName} already exists`);
        await call('CreateQueue', { QueueName, ...wanted });
      },
      update: async ({ properties: before }) => {
        const given = Object.keys(attributesOf(before)).map((name) => [name, DEFAULTS[name]]);
        const Attributes = { ...Object.fromEntries(given), ...wanted.Attributes } as Input;
        await call('SetQueueAttributes', { QueueUrl, Attributes });
        const TagKeys = Object.keys(tagsOf(before)).filter((key) => !(key in wanted.tags));
        if (TagKeys.length > 0) await call('UntagQueue', { QueueUrl, TagKeys });
        if (Object.keys(wanted.tags).length > 0) await call('TagQueue', { QueueUrl, Tags: wanted.tags });
      },
      delete: async () => void (await call('DeleteQueue', { QueueUrl })),
    };
  },
};

type Input = Readonly<Record<string, unknown>>;

const isThere = (found: Promise<unknown>): Promise<boolean> =>
  found.then(
    () => true,
    (error: unknown) => {
      if (error instanceof AwsError && /NonExistent|DoesNotExist/.test(error.code)) return false;
      throw error;
    },
  );

const tagsOf = (properties: Properties): Readonly<Record<string, string>> =>
  Object.fromEntries(properties.objects('Tags').map((tag) => [tag.requiredString('Key'), tag.requiredString('Value')]));

const attributesOf = (properties: Properties): Record<string, unknown> =>
  defined({
    ...Object.fromEntries(
      Object.entries(INTEGERS).map(([name, range]) => [name, properties.integer(name, range)?.toString()]),
    ),
    KmsMasterKeyId: properties.string('KmsMasterKeyId'),
    SqsManagedSseEnabled: properties.boolean('SqsManagedSseEnabled')?.toString(),
    RedrivePolicy: jsonText(properties.any('RedrivePolicy')),
    RedriveAllowPolicy: jsonText(properties.any('RedriveAllowPolicy')),
  });

const jsonText = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
