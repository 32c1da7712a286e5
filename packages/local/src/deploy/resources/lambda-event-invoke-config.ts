import { DESTINATION, type EventInvokeConfig, parseFunctionName } from '../../lambda/index.ts';
import { resourceUuid } from '../naming.ts';
import type { Properties } from '../properties.ts';
import type { ResourceType } from '../resource.ts';

export const lambdaEventInvokeConfig: ResourceType = {
  replacement: ['FunctionName', 'Qualifier'],
  plan: (resource, { parts: { lambda } }) => {
    const { properties } = resource;
    const { name } = parseFunctionName(properties.requiredString('FunctionName'));
    const target = { name, qualifier: properties.requiredString('Qualifier') };
    const config = configOf(properties);
    const put = () => lambda.putEventInvokeConfig(target, config);
    return {
      physicalId: resourceUuid(resource),
      attributes: {},
      create: put,
      update: put,
      delete: () => lambda.deleteEventInvokeConfig(target),
    };
  },
};

const configOf = (properties: Properties): EventInvokeConfig => {
  const maximumRetryAttempts = properties.integer('MaximumRetryAttempts', { from: 0, to: 2 });
  const maximumEventAgeSeconds = properties.integer('MaximumEventAgeInSeconds', { from: 60, to: 21_600 });
  const destinations = properties.object('DestinationConfig');
  const onSuccess = destinationOf(destinations?.object('OnSuccess'));
  const onFailure = destinationOf(destinations?.object('OnFailure'));
  return {
    ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
    ...(maximumEventAgeSeconds === undefined ? {} : { maximumEventAgeSeconds }),
    ...(onSuccess === undefined ? {} : { onSuccess }),
    ...(onFailure === undefined ? {} : { onFailure }),
  };
};

const destinationOf = (destination: Properties | undefined): string | undefined => {
  const arn = destination?.requiredString('Destination');
  if (arn && !DESTINATION.test(arn))
    destination?.refuse(
      'Destination',
      `is supported for SQS queues, functions and the default event bus only, not ${arn}`,
    );
  return arn;
};
