import { arnIn, parseArn } from '../../common/arn.ts';
import { stableUuid } from '../naming.ts';
import type { Properties } from '../properties.ts';
import type { ResourceType } from '../resource.ts';

const BATCH_SIZE = 10;
/** How many batches Lambda starts with where no maximum is set. */
const CONCURRENCY = 5;

export const lambdaEventSourceMapping: ResourceType = ({ stackName, logicalId, properties }, { account, parts }) => {
  const id = stableUuid(stackName, logicalId);
  properties.only('Enabled', true);
  properties.only('MaximumBatchingWindowInSeconds', 0);
  properties.withoutEffect('Tags');
  const mapping = {
    id,
    functionName: functionNameIn(properties.requiredString('FunctionName')),
    queueArn: queueArnOf(properties),
    batchSize: properties.integer('BatchSize', { from: 1, to: 10 }) ?? BATCH_SIZE,
    maximumConcurrency:
      properties.object('ScalingConfig')?.integer('MaximumConcurrency', { from: 2, to: 1000 }) ?? CONCURRENCY,
    reportsItemFailures: reportsItemFailures(properties),
  };
  return {
    physicalId: id,
    attributes: { Id: id, EventSourceMappingArn: arnIn(account, 'lambda', `event-source-mapping:${id}`) },
    create: () => parts.lambda.createEventSourceMapping(mapping),
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
