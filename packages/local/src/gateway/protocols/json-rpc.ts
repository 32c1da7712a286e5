import type { AwsError } from '../../common/aws-error.ts';
import type { ServiceName } from '../../common/service.ts';
import { unknownOperation } from '../errors.ts';
import { jsonText, type Protocol, parseJsonObject, response } from './protocol.ts';
import { queryErrorOf } from './sqs-query-error.ts';

/** AWS JSON 1.0 and 1.1: one path, the operation in the header `X-Amz-Target: PREFIX.Operation`. */
const PREFIXES: Readonly<Record<string, ServiceName>> = {
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  AWSStepFunctions: 'states',
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
  Logs_20140328: 'logs',
  RedshiftData: 'redshift-data',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

export const targetOf = (header: string): { service: ServiceName | undefined; prefix: string; operation: string } => {
  const dot = header.lastIndexOf('.');
  const prefix = header.slice(0, Math.max(dot, 0));
  return { service: PREFIXES[prefix], prefix, operation: header.slice(dot + 1) };
};

export const jsonRpc: Protocol = {
  parse: ({ service, request }) => {
    const { operation } = targetOf(String(request.headers['x-amz-target']));
    if (!/^\w+$/.test(operation)) throw unknownOperation(service, operation);
    return { service, operation, input: parseJsonObject(request.body), http: request };
  },

  output: (demand, output, requestId) =>
    response(200, headers(demand.http.headers['content-type'], requestId), jsonText(output)),

  error: ({ service, request }, error, requestId) =>
    response(
      error.status,
      {
        ...headers(request.headers['content-type'], requestId),
        'x-amzn-errortype': error.code,
        'x-amzn-query-error': service === 'sqs' ? queryErrorOf(error) : undefined,
      },
      jsonText(errorBody(service, error)),
    ),
};

/** The Data API's exceptions are modelled with a capital `Message`; the other services' are not. */
const errorBody = (service: ServiceName | undefined, error: AwsError): unknown => ({
  __type: error.code,
  [service === 'redshift-data' ? 'Message' : 'message']: error.message,
  ...error.members,
});

/** The version that the client speaks is the one it is answered in. */
const headers = (contentType = 'application/x-amz-json-1.1', requestId: string): Record<string, string> => ({
  'content-type': contentType,
  'x-amzn-requestid': requestId,
});
