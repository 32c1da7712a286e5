import { arnIn, parseArn } from '../../common/arn.ts';
import type { EventSourceMapping } from '../../lambda/index.ts';
import { resourceUuid } from '../naming.ts';
import type { Properties } from '../properties.ts';
import type { ResourceType } from '../resource.ts';

const BATCH_SIZE = 10;
/** How many batches Lambda starts with where no maximum is set. */
const CONCURRENCY = 5;

export const lambdaEventSourceMapping: ResourceType = {
  replacement: ['EventSourceArn'],
  plan: (resource, { account, parts: { lambda } }) => {
    const id = resourceUuid(resource);
    const mapping = mappingOf(id, resource.properties);
    return {
      physicalId: id,
      attributes: { Id: id, EventSourceMappingArn: arnIn(account, 'lambda', `event-source-mapping:${id}`) },
      create: () => lambda.createEventSourceMapping(mapping),
      update: async () => {
        await lambda.deleteEventSourceMapping(id);
        await lambda.createEventSourceMapping(mapping);
      },
      delete: () => lambda.deleteEventSourceMapping(id),
    };
  },
};

const mappingOf = (id: string, properties: Properties): EventSourceMapping => {
  properties.only('Enabled', true);
  properties.only('MaximumBatchingWindowInSeconds', 0);
  properties.withoutEffect('Tags');
  return {
    id,
    functionName: functionNameIn(properties.requiredString('FunctionName')),
    queueArn: queueArnOf(properties),
    batchSize: properties.integer('BatchSize', { from: 1, to: 10 }) ?? BATCH_SIZE,
    maximumConcurrency:
      properties.object('ScalingConfig')?.integer('MaximumConcurrency', { from: 2, to: 1000 }) ?? CONCURRENCY,
    reportsItemFailures: reportsItemFailures(properties),
  };
};

const functionNameIn = (nameOrArn: string): string => parseArn(nameOrArn)?.resource.split(':')[1] ?? nameOrArn;

const queueArnOf = (properties: Properties): string => {
  const arn = properties.requiredString('EventSourceArn');
  if (parseArn(arn)?.service !== 'sqs')
    properties.refuse('EventSourceArn', `is supported for SQS queues only, not ${arn}`);
  return arn;
};

const reportsItemFailures = (properties: Properties): boolean => {
  const types = properties.strings('FunctionResponseTypes');
  const unknown = types.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown) properties.refuse('FunctionResponseTypes', `holds ${unknown}, which is not supported`);
  return types.length > 0;
};
