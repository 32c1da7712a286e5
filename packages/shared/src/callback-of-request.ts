import type { Callback } from './callback.ts';
import { isDurableExecution } from './durable-callback.ts';
import type { FieldName, RequestFields } from './task-request-fields.ts';

/** How a field of a request is refused. */
type Refuse = (field: FieldName, problem: string) => never;

/** Who is told when the statement ends: a task, or a callback of a durable function, or nobody. */
export const callbackOf = (fields: RequestFields, refuse: Refuse): Callback => {
  const { taskToken, durableCallbackId } = fields;
  if (durableCallbackId !== undefined) return durableCallbackOf(fields, durableCallbackId, refuse);
  const isOfTask = taskToken !== undefined || fields.attempt !== undefined;
  if (isOfTask) checkExecution(fields, taskToken === undefined ? 'attempt' : 'taskToken', refuse);
  if (taskToken !== undefined) return { type: 'stepFunctions', taskToken };
  if (fields.heartbeatSeconds !== undefined) {
    refuse('heartbeatSeconds', 'needs taskToken or durableCallbackId, to which heartbeats go');
  }
  return { type: 'none' };
};

const checkExecution = ({ executionArn }: RequestFields, field: 'attempt' | 'taskToken', refuse: Refuse): void => {
  if (executionArn === undefined) return refuse('executionArn', `is required with ${field} (send $$.Execution.Id)`);
  if (isDurableExecution(executionArn)) {
    refuse('executionArn', `must be that of an execution of Step Functions with ${field}`);
  }
};

/** A callback has no attempts: a submitter that is repeated sends the same id, and whoever tries anew has a new one. */
const durableCallbackOf = (
  { taskToken, attempt, executionArn }: RequestFields,
  callbackId: string,
  refuse: Refuse,
): Callback => {
  if (taskToken !== undefined) refuse('durableCallbackId', 'does not go with taskToken: a statement has one callback');
  if (attempt !== undefined) refuse('attempt', 'does not go with durableCallbackId, which tells one try from the next');
  if (executionArn !== undefined && !isDurableExecution(executionArn)) {
    refuse('executionArn', 'must be that of an execution of a durable function with durableCallbackId');
  }
  return { type: 'durableFunction', callbackId };
};
