import type { Integration } from './integration.ts';
import { type OptimisedService, optimisedCall } from './optimised-call.ts';

const SQS: OptimisedService = {
  api: { service: 'sqs', jsonTexts: ['MessageBody'] },
  names: { prefix: 'SQS', service: 'AmazonSQS', others: 'AmazonSQS' },
};

/** `sqs:sendMessage`; a body that is no text is sent as JSON. */
export const sendMessage: Integration = (operation, suffix) => {
  if (operation !== 'sendMessage' || (suffix !== '' && suffix !== '.waitForTaskToken')) return undefined;
  return {
    resource: `${operation}${suffix}`,
    resourceType: 'sqs',
    pattern: suffix === '' ? 'request' : 'callback',
    required: ['QueueUrl', 'MessageBody'],
    start: async (parameters, caller) => ({ result: await optimisedCall(SQS, 'SendMessage', parameters, caller) }),
  };
};
