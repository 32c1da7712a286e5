import type { Integration } from './integration.ts';
import { type OptimisedService, optimisedCall } from './optimised-call.ts';

const DYNAMODB: OptimisedService = {
  api: { service: 'dynamodb' },
  names: { prefix: 'DynamoDB', service: 'AmazonDynamoDBv2', others: 'AmazonDynamoDB' },
};

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  getItem: ['TableName', 'Key'],
  putItem: ['TableName', 'Item'],
  updateItem: ['TableName', 'Key'],
  deleteItem: ['TableName', 'Key'],
};

/** `dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`. */
export const dynamoDbItems: Integration = (operation, suffix) => {
  const required = REQUIRED[operation];
  if (!required || suffix !== '') return undefined;
  const apiOperation = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  return {
    resource: operation,
    resourceType: 'dynamodb',
    pattern: 'request',
    required,
    start: async (parameters, caller) => ({ result: await optimisedCall(DYNAMODB, apiOperation, parameters, caller) }),
  };
};
