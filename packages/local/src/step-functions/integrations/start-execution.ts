import { type Json, type JsonObject, parseJson } from '../data/json.ts';
import { StateError } from '../errors.ts';
import type { Integration, Job, Pattern } from './integration.ts';
import { type OptimisedService, optimisedCall } from './optimised-call.ts';
import type { TaskCaller } from './task-caller.ts';

const STEP_FUNCTIONS: OptimisedService = {
  api: { service: 'states', camelCase: 'everywhere', jsonTexts: ['Input'] },
  names: {
    prefix: 'StepFunctions',
    service: 'AWSStepFunctions',
    others: 'AWSStepFunctions',
    models: ['ValidationException'],
  },
};

const PATTERNS: Readonly<Record<string, Pattern>> = {
  '': 'request',
  '.sync': 'job',
  '.sync:2': 'job',
  '.waitForTaskToken': 'callback',
};

/** `states:startExecution`: with `.sync` input and output of the nested execution stay text, with `.sync:2` they are JSON. */
export const startExecution: Integration = (operation, suffix) => {
  const pattern = PATTERNS[suffix];
  if (operation !== 'startExecution' || !pattern) return undefined;
  return {
    resource: `${operation}${suffix}`,
    resourceType: 'states',
    pattern,
    parameters: ['StateMachineArn', 'Name', 'Input'],
    required: ['StateMachineArn'],
    start: async (parameters, caller) => {
      const started = await optimisedCall(STEP_FUNCTIONS, 'StartExecution', parameters, caller);
      const result = inMilliseconds(started as JsonObject);
      const { ExecutionArn: arn } = started as { ExecutionArn: string };
      return pattern === 'job' ? { result, job: nested(arn, caller, suffix === '.sync:2') } : { result };
    },
  };
};

const nested = (executionArn: string, caller: TaskCaller, asJson: boolean): Job => {
  const call = (operation: string): Promise<Json> =>
    optimisedCall(STEP_FUNCTIONS, operation, { ExecutionArn: executionArn }, caller);
  return {
    ended: async () => {
      await caller.executionEnded(executionArn);
      const description = inMilliseconds((await call('DescribeExecution')) as JsonObject);
      if (description.Status !== 'SUCCEEDED')
        throw new StateError('States.TaskFailed', JSON.stringify(sorted(description)));
      return sorted(asJson ? parsed(description) : description);
    },
    stop: async () => void (await call('StopExecution')),
  };
};

/** This integration gives points in time as numbers, in milliseconds. */
const inMilliseconds = (members: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) =>
      name.endsWith('Date') && typeof value === 'number' ? [name, Math.round(value * 1000)] : [name, value],
    ),
  );

const parsed = (description: JsonObject): JsonObject => ({
  ...description,
  Input: jsonIn(description.Input),
  Output: jsonIn(description.Output),
});

const jsonIn = (text: Json | undefined): Json => (typeof text === 'string' ? (parseJson(text) ?? text) : null);

const sorted = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1)));
