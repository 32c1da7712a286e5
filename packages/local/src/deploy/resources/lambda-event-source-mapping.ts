import { arnIn, parseArn } from '../../common/arn.ts';
import { type EventSourceMapping, messageFilter, parseFunctionName } from '../../lambda/index.ts';
import { resourceUuid } from '../naming.ts';
import type { Properties } from '../properties.ts';
import type { ResourceType } from '../resource.ts';

const BATCH_SIZE = 10;
/** Larger batches are gathered over time. */
const MOST_WITHOUT_WINDOW = 10;
/** How many batches Lambda starts with where no maximum is set. */
const CONCURRENCY = 5;
const MOST_FILTERS = 10;

export const lambdaEventSourceMapping: ResourceType = {
  replacement: ['EventSourceArn'],
  plan: (resource, { account, parts: { lambda } }) => {
    const id = resourceUuid(resource);
    const mapping = mappingOf(id, resource.properties);
    return {
      physicalId: id,
      attributes: { Id: id, EventSourceMappingArn: arnIn(account, 'lambda', `event-source-mapping:${id}`) },
      create: () => lambda.createEventSourceMapping(mapping),
      update: () => lambda.updateEventSourceMapping(mapping),
      delete: () => lambda.deleteEventSourceMapping(id),
    };
  },
};

const mappingOf = (id: string, properties: Properties): EventSourceMapping => {
  properties.withoutEffect('Tags');
  return {
    id,
    ...functionOf(properties),
    queueArn: queueArnOf(properties),
    ...batchesOf(properties),
    maximumConcurrency:
      properties.object('ScalingConfig')?.integer('MaximumConcurrency', { from: 2, to: 1000 }) ?? CONCURRENCY,
    reportsItemFailures: reportsItemFailures(properties),
    filters: filtersOf(properties),
    isEnabled: properties.boolean('Enabled') ?? true,
  };
};

const functionOf = (properties: Properties): Pick<EventSourceMapping, 'functionName' | 'qualifier'> => {
  const { name, qualifier } = parseFunctionName(properties.requiredString('FunctionName'));
  return { functionName: name, ...(qualifier === undefined ? {} : { qualifier }) };
};

const queueArnOf = (properties: Properties): string => {
  const arn = properties.requiredString('EventSourceArn');
  if (parseArn(arn)?.service !== 'sqs')
    properties.refuse('EventSourceArn', `is supported for SQS queues only, not ${arn}`);
  return arn;
};

const batchesOf = (properties: Properties): Pick<EventSourceMapping, 'batchSize' | 'batchingWindowSeconds'> => {
  const batchSize = properties.integer('BatchSize', { from: 1, to: 10_000 }) ?? BATCH_SIZE;
  const batchingWindowSeconds = properties.integer('MaximumBatchingWindowInSeconds', { from: 0, to: 300 }) ?? 0;
  if (batchSize > MOST_WITHOUT_WINDOW && batchingWindowSeconds === 0)
    properties.refuse(
      'MaximumBatchingWindowInSeconds',
      `must be greater than 0 if BatchSize is greater than ${MOST_WITHOUT_WINDOW}`,
    );
  return { batchSize, batchingWindowSeconds };
};

const reportsItemFailures = (properties: Properties): boolean => {
  const types = properties.strings('FunctionResponseTypes');
  const unknown = types.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown) properties.refuse('FunctionResponseTypes', `holds ${unknown}, which is not supported`);
  return types.length > 0;
};

const filtersOf = (properties: Properties): readonly unknown[] => {
  const criteria = properties.object('FilterCriteria');
  const filters = criteria?.objects('Filters') ?? [];
  if (filters.length > MOST_FILTERS)
    criteria?.refuse('Filters', `may hold ${MOST_FILTERS} filters, it holds ${filters.length}`);
  return filters.flatMap((filter) => {
    const text = filter.requiredString('Pattern');
    let pattern: unknown;
    const isPattern = filter.check('Pattern', () => {
      pattern = JSON.parse(text);
      messageFilter([pattern]);
    });
    return isPattern ? [pattern] : [];
  });
};
