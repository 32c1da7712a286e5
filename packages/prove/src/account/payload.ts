import type { TaskPlan } from '../schedule.ts';
import { START } from '../virtual-time.ts';
import { rowsWantedOf } from './rows.ts';
import type { Attempt } from './workflows.ts';

/** Secrets carry a canary: no log and no answer may show one. */
const PARAMETERS = { word: 'canary-parameter' };

const KEY = 'nightly-load';
const LOCK = 'one-at-a-time';

/** Iterations of a Map, and requests under one idempotency key, ask for the same work. */
const sqlOf = ({ sibling, sharesKey }: TaskPlan, index: number): string =>
  `select ${sharesKey ? KEY : sibling ? 'any' : index} as canary_sql where word = :word`;

const workOf = (task: TaskPlan, index: number): object => {
  const { batch } = task;
  if (!batch) return { sqlStatement: sqlOf(task, index) };
  const { statements, executionMode } = batch;
  return {
    sqlStatements: Array.from({ length: statements }, (_statement, at) => `${sqlOf(task, index)} -- ${at}`),
    executionMode,
  };
};

const sessionIn = ({ session }: TaskPlan, id: string): object => {
  if (!session) return {};
  const { does, keepAliveSeconds } = session;
  return {
    session: { ...(does === 'uses' && { id }), ...(keepAliveSeconds !== null && { keepAliveSeconds }) },
  };
};

/** What makes requests attempts of one task. Without an attempt nobody can tell which tokens belong together. */
export const chainOf = (task: TaskPlan, index: number, identity: string): string =>
  task.sharesKey || task.mode === 'attempt' ? sqlOf(task, index) : identity;

export const executionArnOf = (task: TaskPlan, index: number): string => {
  const name = `run-${task.sibling ? 'of-a-map' : index}`;
  return task.mode === 'durable'
    ? `arn:aws:lambda:us-east-1:123456789012:function:nightly:1/durable-execution/${name}/1`
    : `arn:aws:states:us-east-1:123456789012:execution:nightly:${name}`;
};

/** What a state, or a callback of a durable function, is answered by. */
export const tokenFor = (task: TaskPlan, index: number, retryCount: number, redriveCount: number): string => {
  const number = [index, redriveCount, retryCount];
  // Of a callback only these characters are in the id.
  const text = task.mode === 'durable' ? `canarycallback${number.join('x')}` : `canary-token-${number.join('-')}-`;
  return text + 'x'.repeat(60);
};

/**
 * The payload of a state's attempt, as the task constructs send it.
 * @param sessionId of the session that it uses, if it uses one
 */
export const payloadOf = ({ token, task, index, retryCount, redriveCount }: Attempt, sessionId: string): object => ({
  ...payloadWithoutTask(task, index, sessionId),
  ...(task.mode === 'durable' ? { durableCallbackId: token } : { taskToken: token }),
  executionArn: executionArnOf(task, index),
  ...(task.onTimeout === 'leave' && { onTimeout: 'leave' }),
  ...(task.heartbeatSeconds !== null && { heartbeatSeconds: task.heartbeatSeconds }),
  ...(task.onRetry === 'restart' && { onRetry: 'restart' }),
  ...rowsWantedOf(task),
  ...(task.mode === 'attempt' && {
    attempt: {
      state: 'Load',
      enteredTime: new Date(START + (task.sibling ? 0 : task.startMs)).toISOString(),
      retryCount,
      redriveCount,
    },
  }),
});

/** The payload of a request that nobody waits for. */
export const payloadWithoutTask = (task: TaskPlan, index: number, sessionId: string): object => ({
  ...workOf(task, index),
  ...sessionIn(task, sessionId),
  parameters: PARAMETERS,
  ...(task.maxRuntimeSeconds !== null && { maxRuntimeSeconds: task.maxRuntimeSeconds }),
  ...(task.sharesKey && { idempotencyKey: KEY }),
  ...(task.sharesLock && { lock: { name: LOCK } }),
});
