import { isObject, type Json, parseJson } from '../data/json.ts';
import { StateError } from '../errors.ts';
import type { Integration, TaskResource } from './integration.ts';
import { optimisedError } from './service-errors.ts';
import type { TaskCaller } from './task-caller.ts';

/** The part of Lambda's answer that matters here. */
interface InvokeAnswer {
  readonly StatusCode: number;
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
  readonly Payload?: unknown;
}

const LAMBDA = { prefix: 'Lambda', service: 'AWSLambda', others: 'AWSLambda' };

/** `lambda:invoke`: the function's answer is the member `Payload` of the result. */
export const lambdaInvoke: Integration = (operation, suffix) => {
  if (operation !== 'invoke' || (suffix !== '' && suffix !== '.waitForTaskToken')) return undefined;
  return {
    resource: `${operation}${suffix}`,
    resourceType: 'lambda',
    pattern: suffix === '' ? 'request' : 'callback',
    parameters: ['FunctionName', 'Payload', 'InvocationType', 'Qualifier', 'ClientContext'],
    required: ['FunctionName'],
    start: async (parameters, caller) => ({ result: resultOf(await invoke(inputOf(parameters), caller)) }),
  };
};

/** The ARN of a function, as `Resource`: its payload is the task's input, and its answer the whole result. */
export const lambdaFunction = (arn: string): TaskResource => ({
  resource: arn,
  resourceType: 'lambda',
  pattern: 'request',
  events: 'LambdaFunction',
  start: async (parameters, caller) => {
    const input = { FunctionName: arn, Payload: JSON.stringify(parameters) };
    const text = textOf((await invoke(input, caller)).Payload);
    return { result: parseJson(text) ?? text };
  },
});

const invoke = async (input: Readonly<Record<string, unknown>>, caller: TaskCaller): Promise<InvokeAnswer> => {
  const answer = (await caller.call('lambda', 'Invoke', input).catch((error: unknown) => {
    throw optimisedError(LAMBDA, error);
  })) as InvokeAnswer;
  if (answer.FunctionError !== undefined) throw functionFailed(textOf(answer.Payload));
  return answer;
};

const inputOf = (parameters: Json): Readonly<Record<string, unknown>> => {
  const { Payload: payload, ...rest } = isObject(parameters) ? parameters : {};
  return payload === undefined ? rest : { ...rest, Payload: JSON.stringify(payload) };
};

/** The function's own answer is JSON, and a task sees it as such; one that was only accepted has none. */
const resultOf = ({ ExecutedVersion, Payload, StatusCode }: InvokeAnswer): Json => {
  const text = textOf(Payload);
  return {
    ...(ExecutedVersion === undefined ? {} : { ExecutedVersion }),
    ...(text === '' ? {} : { Payload: parseJson(text) ?? text }),
    StatusCode,
  };
};

const textOf = (payload: unknown): string =>
  typeof payload === 'string' ? payload : payload instanceof Uint8Array ? Buffer.from(payload).toString() : '';

const functionFailed = (payload: string): StateError => {
  const thrown = parseJson(payload);
  const type = isObject(thrown) ? thrown.errorType : undefined;
  if (typeof type === 'string') return new StateError(type, payload);
  return new StateError(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  );
};
