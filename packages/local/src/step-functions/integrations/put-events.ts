import { isList, isObject, type Json } from '../data/json.ts';
import { StateError } from '../errors.ts';
import type { Integration } from './integration.ts';
import { type OptimisedService, optimisedCall } from './optimised-call.ts';
import type { TaskCaller } from './task-caller.ts';

const EVENT_BRIDGE: OptimisedService = {
  api: { service: 'events', jsonTexts: ['Detail'], times: ['Time'] },
  names: { prefix: 'EventBridge', service: 'AmazonEventBridge', others: 'AmazonEventBridge' },
};

/** `events:putEvents`; as on AWS, every event names execution and state machine among its resources, and one refused entry fails the task. */
export const putEvents: Integration = (operation, suffix) => {
  if (operation !== 'putEvents' || (suffix !== '' && suffix !== '.waitForTaskToken')) return undefined;
  return {
    resource: `${operation}${suffix}`,
    resourceType: 'events',
    pattern: suffix === '' ? 'request' : 'callback',
    required: ['Entries'],
    start: async (parameters, caller) => {
      const result = await optimisedCall(EVENT_BRIDGE, 'PutEvents', withResources(parameters, caller), caller);
      if (isObject(result) && result.FailedEntryCount !== 0)
        throw new StateError('EventBridge.FailedEntry', JSON.stringify(result));
      return { result };
    },
  };
};

const withResources = (parameters: Json, { executionArn, stateMachineArn }: TaskCaller): Json => {
  if (!isObject(parameters) || !isList(parameters.Entries)) return parameters;
  const entryOf = (entry: Json): Json => {
    if (!isObject(entry)) return entry;
    const given = isList(entry.Resources) ? entry.Resources : [];
    return { ...entry, Resources: [...given, executionArn, stateMachineArn] };
  };
  return { ...parameters, Entries: parameters.Entries.map(entryOf) };
};
