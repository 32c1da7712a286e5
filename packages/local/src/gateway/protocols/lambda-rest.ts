import { AwsError } from '../../common/aws-error.ts';
import type { RawRequest } from '../../common/service.ts';
import { unknownOperation } from '../errors.ts';
import { decoded, splitUrl } from '../url.ts';
import { jsonText, type Protocol, response } from './protocol.ts';

const FUNCTION = /^\/2015-03-31\/functions(?:\/(?:([^/]+)(?:\/(invocations|configuration))?)?)?$/;

const CALLBACK = /^\/2025-12-01\/durable-execution-callbacks\/([^/]+)\/(succeed|fail|heartbeat)$/;

const CALLBACK_OPERATIONS: Readonly<Record<string, string>> = {
  succeed: 'SendDurableExecutionCallbackSuccess',
  fail: 'SendDurableExecutionCallbackFailure',
  heartbeat: 'SendDurableExecutionCallbackHeartbeat',
};

/** By method and what follows the function's name. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'GET ': 'GetFunction',
  'GET configuration': 'GetFunctionConfiguration',
  'POST invocations': 'Invoke',
};

/** REST-JSON as Lambda speaks it, for invoking functions and looking at them. */
export const lambdaRest: Protocol = {
  parse: ({ service, request }) => {
    const { path, query } = splitUrl(request.url);
    const callback = request.method === 'POST' ? CALLBACK.exec(path) : null;
    if (callback) return { service, ...callbackCall(callback, request), http: request };
    const [matched, name = '', part = ''] = FUNCTION.exec(path) ?? [];
    if (matched && !name && request.method === 'GET')
      return { service, operation: 'ListFunctions', input: {}, http: request };
    const FunctionName = decoded(name);
    const Qualifier = query.get('Qualifier') ?? undefined;
    const target = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
    const operation = FunctionName ? OPERATIONS[`${request.method} ${part}`] : undefined;
    if (!operation) throw unknownOperation(service, `${request.method} ${path}`);
    const input = operation === 'Invoke' ? { ...target, ...invocation(request) } : target;
    return { service, operation, input, http: request };
  },

  output: (demand, output, requestId) => {
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
    if (demand.operation !== 'Invoke') return response(200, headers, jsonText(output));
    const { StatusCode, Payload, FunctionError, LogResult, ExecutedVersion } = output as InvokeOutput;
    const outcome = {
      'x-amz-function-error': FunctionError,
      'x-amz-log-result': LogResult,
      'x-amz-executed-version': ExecutedVersion,
    };
    return response(StatusCode, { ...headers, ...outcome }, Payload ?? '');
  },

  error: (_addressed, error, requestId) =>
    response(
      error.status,
      { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
      jsonText({ Type: error.status < 500 ? 'User' : 'Service', Message: error.message, ...error.members }),
    ),
};

/** What the service `lambda` answers an Invoke with. */
interface InvokeOutput {
  readonly StatusCode: number;
  /** Absent when the function was only told to run. */
  readonly Payload?: string;
  readonly FunctionError?: string;
  /** Base64, as asked for with `LogType: Tail`. */
  readonly LogResult?: string;
  readonly ExecutedVersion?: string;
}

const invocation = (request: RawRequest) => {
  const LogType = request.headers['x-amz-log-type'];
  const ClientContext = request.headers['x-amz-client-context'];
  return {
    InvocationType: String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse'),
    Payload: request.body.toString(),
    ...(LogType === undefined ? {} : { LogType: String(LogType) }),
    ...(ClientContext === undefined ? {} : { ClientContext: String(ClientContext) }),
  };
};

const callbackCall = ([, id = '', verb = '']: readonly string[], { body }: RawRequest) => ({
  operation: CALLBACK_OPERATIONS[verb] ?? verb,
  input: {
    CallbackId: decoded(id),
    ...(verb === 'succeed' && body.length > 0 && { Result: body.toString() }),
    ...(verb === 'fail' && body.length > 0 && { Error: jsonIn(body) }),
  },
});

const jsonIn = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
};
