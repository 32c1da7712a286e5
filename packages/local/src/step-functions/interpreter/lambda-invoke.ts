import { randomUUID } from 'node:crypto';
import { AwsError } from '../../common/aws-error.ts';
import type { RoleAssumer, ServiceCaller } from '../../common/ports.ts';
import type { Caller } from '../../common/service.ts';
import { isObject, type Json, parseJson } from '../data/json.ts';
import { StateError } from '../errors.ts';

/** Calls the function of a task under the state machine's role; resolves with the result as the task sees it. */
export type Invoker = (parameters: Json) => Promise<Json>;

/** The part of Lambda's answer that matters here. */
interface InvokeAnswer {
  readonly StatusCode: number;
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
  readonly Payload?: unknown;
}

const PRINCIPAL = 'states.amazonaws.com';

/** An invoker for one execution. */
export const lambdaInvoker =
  (
    deps: { readonly roles: RoleAssumer; readonly calls: ServiceCaller },
    execution: { readonly roleArn: string; readonly stateMachineArn: string; readonly sessionName: string },
  ): Invoker =>
  async (parameters) => {
    const caller = assume(deps.roles, execution);
    const input = inputOf(parameters);
    const answer = (await deps.calls
      .call({ caller, service: 'lambda', operation: 'Invoke', input })
      .catch((error: unknown) => {
        throw error instanceof AwsError ? refused(error) : error;
      })) as InvokeAnswer;
    if (answer.FunctionError !== undefined) throw functionFailed(textOf(answer.Payload));
    return resultOf(answer);
  };

const assume = (
  roles: RoleAssumer,
  { roleArn, stateMachineArn, sessionName }: { roleArn: string; stateMachineArn: string; sessionName: string },
): Caller => {
  try {
    return roles.assume(roleArn, PRINCIPAL, sessionName, { 'aws:SourceArn': stateMachineArn });
  } catch (error) {
    if (error instanceof AwsError) throw new StateError('States.Permissions', error.message);
    throw error;
  }
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

/** A refused call, in the words that AWS's histories have for it. Exceptions that Lambda's model does not name, such as denials, have one name. */
const refused = ({ code, message, status }: AwsError): StateError => {
  const isModelled = code.endsWith('Exception') && code !== 'AccessDeniedException';
  return new StateError(
    isModelled ? `Lambda.${code}` : 'Lambda.AWSLambdaException',
    `${message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Request ID: ${randomUUID()}; Proxy: null)`,
  );
};
