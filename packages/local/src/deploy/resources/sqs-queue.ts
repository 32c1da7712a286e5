import { arnIn } from '../../common/arn.ts';
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

export const sqsQueue: ResourceType = (resource, { account, parts }) => {
  const { properties } = resource;
  const QueueName = nameOf(resource, 'QueueName', { longest: 80 });
  properties.only('FifoQueue', false);
  properties.only('ContentBasedDeduplication', false);
  const Attributes = attributesOf(properties);
  const tags = Object.fromEntries(
    properties.objects('Tags').map((tag) => [tag.requiredString('Key'), tag.requiredString('Value')]),
  );
  const url = `${parts.endpoint}/${account.accountId}/${QueueName}`;
  return {
    physicalId: url,
    attributes: { Arn: arnIn(account, 'sqs', QueueName), QueueName, QueueUrl: url },
    create: async () => void (await callAsCloudFormation(parts, 'sqs', 'CreateQueue', { QueueName, Attributes, tags })),
  };
};

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
