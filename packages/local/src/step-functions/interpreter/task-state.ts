import { isObject, isTooLarge, type Json } from '../data/json.ts';
import type { TaskState } from '../definition/states.ts';
import { dataLimitExceeded, notSupported, RuntimeProblem, StateError } from '../errors.ts';
import { findResource } from '../integrations/find-resource.ts';
import type { Job, TaskResource } from '../integrations/integration.ts';
import { withErrorHandling } from './error-handling.ts';
import { TaskAttempt } from './task-attempt.ts';
import { type Schedule, type TaskEvents, taskEvents } from './task-events.ts';
import type { Outcome, Visit } from './visit.ts';

/** An attempt, and what it makes of its task. */
interface Work {
  readonly attempt: TaskAttempt;
  readonly resource: TaskResource;
  readonly events: TaskEvents;
}

export const runTask = (visit: Visit<TaskState>): Promise<Outcome> => {
  const { Resource: arn } = visit.state;
  const resource = findResource(arn);
  if (!resource) throw notSupported(`Resource ${arn}`);
  return withErrorHandling(visit, () => attemptTask(visit, resource));
};

/** Every attempt that a token can end has one of its own. */
const attemptTask = async (entered: Visit<TaskState>, resource: TaskResource): Promise<Outcome> => {
  const { flow, state } = entered;
  const { tokens, stateMachineArn, clock } = flow.frame;
  const token = resource.pattern === 'request' ? undefined : tokens.issue(stateMachineArn);
  const visit = entered.within(token === undefined ? {} : { Task: { Token: token } });
  const schedule = await scheduleOf(visit);
  const events = taskEvents(flow, resource);
  events.scheduled(schedule);
  const attempt = new TaskAttempt(clock, flow.signal, schedule);
  if (token !== undefined) {
    tokens.open(token, attempt);
    attempt.onEnd(() => tokens.close(token));
  }
  void carryOut({ attempt, resource, events }, visit, schedule);
  return visit.succeed(await recorded({ attempt, resource, events }), state.Next);
};

/** Makes the call. An attempt that has ended meanwhile is past caring how that went. */
const carryOut = async (work: Work, { flow }: Visit, { parameters, roleArn }: Schedule): Promise<void> => {
  const { attempt, resource, events } = work;
  const { caller } = flow.frame;
  try {
    const { result, job } = await resource.start(parameters, roleArn === undefined ? caller : caller.under(roleArn));
    if (!attempt.isOpen) return job && stopQuietly(job);
    if (resource.pattern === 'request') return attempt.succeed(result);
    events.submitted(result);
    attempt.expectHeartbeats();
    if (job) await follow(job, attempt);
  } catch (error) {
    attempt.fail(error);
  }
};

/** As on AWS, a job is stopped when nobody waits for it any more, but not when the task's token has been answered. */
const follow = async (job: Job, attempt: TaskAttempt): Promise<void> => {
  attempt.onEnd((how) => void (how === 'givenUp' && stopQuietly(job)));
  attempt.succeed(await job.ended());
};

const stopQuietly = (job: Job): void => void job.stop().catch(() => undefined);

const recorded = async ({ attempt, resource, events }: Work): Promise<Json> => {
  try {
    const result = await attempt.done;
    if (isTooLarge(result)) throw dataLimitExceeded(resource.events ? resource.resource : resource.resourceType);
    events.succeeded(result);
    return result;
  } catch (error) {
    if (error instanceof StateError) events.failed(error);
    throw error;
  }
};

const scheduleOf = async (visit: Visit<TaskState>): Promise<Schedule> => {
  const parameters = await visit.arguments();
  if (isTooLarge(parameters)) throw dataLimitExceeded(visit.name);
  return {
    parameters,
    timeoutSeconds: await visit.number('TimeoutSeconds'),
    heartbeatSeconds: await visit.number('HeartbeatSeconds'),
    roleArn: await roleArnOf(visit),
  };
};

/** The role that `Credentials` name. */
const roleArnOf = async (visit: Visit<TaskState>): Promise<string | undefined> => {
  const credentials = await visit.template('Credentials');
  if (credentials === undefined) return undefined;
  if (isObject(credentials) && typeof credentials.RoleArn === 'string') return credentials.RoleArn;
  throw new RuntimeProblem(`The field 'Credentials' does not name a role: ${JSON.stringify(credentials)}`);
};
