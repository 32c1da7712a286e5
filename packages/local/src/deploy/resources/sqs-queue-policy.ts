import { stableUuid } from '../naming.ts';
import type { ResourceType } from '../resource.ts';
import { callAsCloudFormation } from '../stage-parts.ts';

export const sqsQueuePolicy: ResourceType = ({ stackName, logicalId, properties }, { parts }) => {
  // A policy of a resource: it names principals and resources, as that of a key does.
  const Policy = JSON.stringify(properties.policy('PolicyDocument', 'key'));
  const queues = properties.strings('Queues');
  return {
    physicalId: stableUuid(stackName, logicalId),
    attributes: {},
    create: async () => {
      for (const QueueUrl of queues)
        await callAsCloudFormation(parts, 'sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    },
  };
};
