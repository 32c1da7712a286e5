import { isTooLarge, type Json } from '../data/json.ts';
import type { TaskState } from '../definition/states.ts';
import { resourceOf, type TaskResource } from '../definition/task-resource.ts';
import { dataLimitExceeded, failureMembers, notSupported, StateError } from '../errors.ts';
import { outputDetails } from '../history.ts';
import { withErrorHandling } from './error-handling.ts';
import type { Flow } from './flow.ts';
import { type AttemptLimits, TaskAttempt } from './task-attempt.ts';
import type { Outcome, Visit } from './visit.ts';

export const runTask = (visit: Visit<TaskState>): Promise<Outcome> => {
  const { Resource: arn } = visit.state;
  const resource = resourceOf(arn);
  if (!resource) throw notSupported(`Resource ${arn}`);
  return withErrorHandling(visit, () => attemptTask(visit, resource));
};

/** Every attempt of a callback has a token of its own. */
const attemptTask = async (entered: Visit<TaskState>, resource: TaskResource): Promise<Outcome> => {
  const { flow, state } = entered;
  const { tokens, stateMachineArn } = flow.frame;
  const token = resource.waitsForToken ? tokens.issue(stateMachineArn) : undefined;
  const visit = entered.within(token === undefined ? {} : { Task: { Token: token } });
  const parameters = await visit.arguments();
  if (isTooLarge(parameters)) throw dataLimitExceeded(visit.name);
  const limits = await limitsOf(visit);
  recordScheduled(flow, resource, parameters, limits);
  const attempt = new TaskAttempt(flow.frame.clock, flow.signal, limits);
  if (token !== undefined) {
    tokens.open(token, attempt);
    attempt.onEnd(() => tokens.close(token));
  }
  void submit(flow, resource, parameters, attempt);
  const result = await recorded(flow, resource, attempt);
  return visit.succeed(result, state.Next);
};

/** Calls the function. An attempt that has ended meanwhile is past caring how the call went. */
const submit = async (flow: Flow, resource: TaskResource, parameters: Json, attempt: TaskAttempt): Promise<void> => {
  try {
    const result = await flow.frame.invoke(parameters);
    if (!attempt.isOpen) return;
    if (!resource.waitsForToken) return attempt.succeed(result);
    flow.record('TaskSubmitted', {
      taskSubmittedEventDetails: { ...named(resource), ...outputDetails(JSON.stringify(result)) },
    });
    attempt.expectHeartbeats();
  } catch (error) {
    attempt.fail(error);
  }
};

const recorded = async (flow: Flow, resource: TaskResource, attempt: TaskAttempt): Promise<Json> => {
  try {
    const result = await attempt.done;
    if (isTooLarge(result)) throw dataLimitExceeded(resource.resourceType);
    flow.record('TaskSucceeded', {
      taskSucceededEventDetails: { ...named(resource), ...outputDetails(JSON.stringify(result)) },
    });
    return result;
  } catch (error) {
    if (error instanceof StateError) recordFailure(flow, resource, error);
    throw error;
  }
};

const recordScheduled = (flow: Flow, resource: TaskResource, parameters: Json, limits: AttemptLimits): void => {
  const { timeoutSeconds, heartbeatSeconds } = limits;
  flow.record('TaskScheduled', {
    taskScheduledEventDetails: {
      ...named(resource),
      region: flow.frame.region,
      parameters: JSON.stringify(parameters),
      ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
      ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
    },
  });
  flow.record('TaskStarted', { taskStartedEventDetails: named(resource) });
};

const recordFailure = (flow: Flow, resource: TaskResource, error: StateError): void => {
  const details = { ...named(resource), ...failureMembers(error) };
  if (error.timedOut) flow.record('TaskTimedOut', { taskTimedOutEventDetails: details });
  else flow.record('TaskFailed', { taskFailedEventDetails: details });
};

const named = ({ resource, resourceType }: TaskResource) => ({ resource, resourceType });

const limitsOf = async (visit: Visit): Promise<AttemptLimits> => ({
  timeoutSeconds: await visit.number('TimeoutSeconds'),
  heartbeatSeconds: await visit.number('HeartbeatSeconds'),
});
