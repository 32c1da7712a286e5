import type { Json } from '../data/json.ts';
import { failureMembers, type StateError } from '../errors.ts';
import { inputDetails, outputDetails } from '../history.ts';
import type { TaskResource } from '../integrations/integration.ts';
import type { Flow } from './flow.ts';
import type { AttemptLimits } from './task-attempt.ts';

/** What a task is scheduled with. */
export interface Schedule extends AttemptLimits {
  readonly parameters: Json;
  /** That `Credentials` name. */
  readonly roleArn: string | undefined;
}

/** Notes in the history what becomes of one attempt of a task. */
export interface TaskEvents {
  scheduled(schedule: Schedule): void;
  submitted(result: Json): void;
  succeeded(result: Json): void;
  failed(error: StateError): void;
}

export const taskEvents = (flow: Flow, resource: TaskResource): TaskEvents =>
  resource.events === 'LambdaFunction' ? functionEvents(flow, resource) : resourceEvents(flow, resource);

const resourceEvents = (flow: Flow, { resource, resourceType }: TaskResource): TaskEvents => {
  const named = { resource, resourceType };
  const record = (type: string, details: Readonly<Record<string, unknown>>) =>
    flow.record(`Task${type}`, { [`task${type}EventDetails`]: { ...named, ...details } });
  return {
    scheduled: ({ parameters, heartbeatSeconds, ...schedule }) => {
      record('Scheduled', {
        region: flow.frame.region,
        parameters: JSON.stringify(parameters),
        ...scheduleDetails(schedule),
        ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
      });
      record('Started', {});
    },
    submitted: (result) => record('Submitted', outputDetails(JSON.stringify(result))),
    succeeded: (result) => record('Succeeded', outputDetails(JSON.stringify(result))),
    failed: (error) => record(error.timedOut ? 'TimedOut' : 'Failed', failureMembers(error)),
  };
};

/** Of a Task state whose resource is the ARN of a function. */
const functionEvents = (flow: Flow, { resource }: TaskResource): TaskEvents => {
  const record = (type: string, details: Readonly<Record<string, unknown>>) =>
    flow.record(`LambdaFunction${type}`, { [`lambdaFunction${type}EventDetails`]: details });
  return {
    scheduled: ({ parameters, ...schedule }) => {
      record('Scheduled', { resource, ...inputDetails(JSON.stringify(parameters)), ...scheduleDetails(schedule) });
      flow.record('LambdaFunctionStarted');
    },
    submitted: () => undefined,
    succeeded: (result) => record('Succeeded', outputDetails(JSON.stringify(result))),
    failed: (error) => record(error.timedOut ? 'TimedOut' : 'Failed', failureMembers(error)),
  };
};

const scheduleDetails = ({ timeoutSeconds, roleArn }: Pick<Schedule, 'timeoutSeconds' | 'roleArn'>) => ({
  ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
  ...(roleArn === undefined ? {} : { taskCredentials: { roleArn } }),
});
