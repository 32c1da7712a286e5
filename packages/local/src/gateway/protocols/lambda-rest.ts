import type { RawRequest } from '../../common/service.ts';
import { unknownOperation } from '../errors.ts';
import { decoded, splitUrl } from '../url.ts';
import { jsonText, type Protocol, response } from './protocol.ts';

const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)(\/invocations)?$/;

/** REST-JSON as Lambda speaks it: `Invoke` and `GetFunction`. */
export const lambdaRest: Protocol = {
  parse: ({ service, request }) => {
    const { path, query } = splitUrl(request.url);
    const [, name = '', invocations] = FUNCTION.exec(path) ?? [];
    const FunctionName = decoded(name);
    const Qualifier = query.get('Qualifier') ?? undefined;
    const target = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
    if (FunctionName && invocations && request.method === 'POST')
      return { service, operation: 'Invoke', input: { ...target, ...invocation(request) }, http: request };
    if (FunctionName && !invocations && request.method === 'GET')
      return { service, operation: 'GetFunction', input: target, http: request };
    throw unknownOperation(service, `${request.method} ${path}`);
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
    return response(StatusCode, { ...headers, ...outcome }, Payload);
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
  readonly Payload: string;
  readonly FunctionError?: string;
  /** Base64, as asked for with `LogType: Tail`. */
  readonly LogResult?: string;
  readonly ExecutedVersion?: string;
}

const invocation = (request: RawRequest) => {
  const LogType = request.headers['x-amz-log-type'];
  return {
    InvocationType: String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse'),
    Payload: request.body.toString(),
    ...(LogType === undefined ? {} : { LogType: String(LogType) }),
  };
};
