import { resourceUuid } from '../naming.ts';
import type { ResourceType } from '../resource.ts';
import { callAsCloudFormation } from '../stage-parts.ts';

export const sqsQueuePolicy: ResourceType = {
  replacement: [],
  plan: (resource, { parts }) => {
    const { properties } = resource;
    // A policy of a resource: it names principals and resources, as that of a key does.
    const policy = JSON.stringify(properties.policy('PolicyDocument', 'key'));
    const queues = properties.strings('Queues');
    const set = async (urls: readonly string[], Policy: string): Promise<void> => {
      for (const QueueUrl of urls)
        await callAsCloudFormation(parts, 'sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    };
    return {
      physicalId: resourceUuid(resource),
      attributes: {},
      create: () => set(queues, policy),
      update: async (existing) => {
        const left = existing.properties.strings('Queues').filter((url) => !queues.includes(url));
        await set(left, '');
        await set(queues, policy);
      },
      delete: (existing) => set(existing.properties.strings('Queues'), ''),
    };
  },
};
