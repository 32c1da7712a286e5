import { AwsError } from '../common/aws-error.ts';
import type { ApiCall } from '../common/service.ts';
import { type FunctionRunner, type InvokeRequest, newRequestId } from './function-runner.ts';

const LARGEST_REQUEST = 6_291_456;
const LARGEST_EVENT = 1_048_576;
const LOG_TAIL_BYTES = 4096;

export interface InvokeOutput {
  readonly StatusCode: number;
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
  /** The last 4 KB of the log, in base64, when asked for. */
  readonly LogResult?: string;
  readonly Payload?: string;
}

/**
 * The Invoke operation on a function that exists.
 *
 * @param invoked what was asked for
 * @param accept takes an asynchronous invocation over
 */
export const invoke = async (
  runner: FunctionRunner,
  call: ApiCall,
  invoked: { readonly arn: string; readonly qualifier: string | undefined },
  accept: (request: InvokeRequest) => void,
): Promise<InvokeOutput> => {
  const payload = payloadOf(call.input);
  const request: InvokeRequest = {
    requestId: newRequestId(),
    payload,
    invokedFunctionArn: invoked.arn,
    ...(invoked.qualifier === undefined ? {} : { qualifier: invoked.qualifier }),
    ...clientContextOf(call.input),
  };
  switch (call.input.InvocationType ?? 'RequestResponse') {
    case 'DryRun':
      return { StatusCode: 204 };
    case 'Event':
      refuseLarger(payload, LARGEST_EVENT, 'Event');
      accept(request);
      return { StatusCode: 202 };
    case 'RequestResponse':
      refuseLarger(payload, LARGEST_REQUEST, 'RequestResponse');
      return invokeNow(runner, request, call.input.LogType === 'Tail');
    default:
      throw new AwsError(
        'InvalidParameterValueException',
        `InvocationType ${String(call.input.InvocationType)} is not valid`,
      );
  }
};

const invokeNow = async (runner: FunctionRunner, request: InvokeRequest, withLog: boolean): Promise<InvokeOutput> => {
  const result = await runner.invoke(request);
  const log = Buffer.from(result.lines.map((line) => line.message).join(''));
  return {
    StatusCode: 200,
    ExecutedVersion: result.executedVersion,
    ...(result.functionError ? { FunctionError: result.functionError } : {}),
    ...(withLog ? { LogResult: log.subarray(-LOG_TAIL_BYTES).toString('base64') } : {}),
    Payload: result.payload,
  };
};

/** A blob over HTTP, a text from inside the stage; no payload at all is an empty event. */
const payloadOf = ({ Payload: given }: ApiCall['input']): string => {
  const text = typeof given === 'string' ? given : given instanceof Uint8Array ? Buffer.from(given).toString() : '';
  try {
    JSON.parse(text || '{}');
  } catch (cause) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(cause)}`, {
      members: { Type: 'User' },
    });
  }
  return text || '{}';
};

const clientContextOf = ({ ClientContext: given }: ApiCall['input']): { clientContext?: unknown } => {
  if (typeof given !== 'string') return {};
  try {
    return { clientContext: JSON.parse(Buffer.from(given, 'base64').toString()) as unknown };
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.', {
      members: { Type: 'User' },
    });
  }
};

const refuseLarger = (payload: string, limit: number, type: string): void => {
  const bytes = Buffer.byteLength(payload);
  if (bytes > limit)
    throw new AwsError(
      'RequestTooLargeException',
      `${bytes} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      {
        status: 413,
        members: { Type: 'User' },
      },
    );
};
