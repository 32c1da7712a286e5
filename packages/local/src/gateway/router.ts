import { AwsError } from '../common/aws-error.ts';
import { type RawRequest, SERVICE_NAMES } from '../common/service.ts';
import { credentialOf } from './credential.ts';
import { jsonRpc, targetOf } from './protocols/json-rpc.ts';
import { lambdaRest } from './protocols/lambda-rest.ts';
import type { Addressed, Protocol } from './protocols/protocol.ts';
import { query } from './protocols/query.ts';
import { s3Rest } from './protocols/s3-rest.ts';

/** Which protocol a request speaks, and to whom; a refusal when the stage has nobody of that name. */
export type Route = { readonly protocol: Protocol } & (Addressed | Refused);

interface Refused {
  readonly request: RawRequest;
  readonly refusal: AwsError;
}

/** The target header, the form body and Lambda's path tell the protocol; all else is S3, which has paths of every form. */
export const route = (request: RawRequest): Route => {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return jsonRoute(request, target);
  const signedFor = credentialOf(request)?.service;
  if (isForm(request)) return queryRoute(request, signedFor);
  if (signedFor === 'lambda' || /^\/\d{4}-\d\d-\d\d\/functions\//.test(request.url))
    return { protocol: lambdaRest, service: 'lambda', request };
  if (signedFor === undefined || signedFor === 's3') return { protocol: s3Rest, service: 's3', request };
  // REST services differ too much to guess; JSON with the error's name in a header is what most of them answer.
  return { protocol: lambdaRest, request, refusal: notServed(signedFor) };
};

const jsonRoute = (request: RawRequest, target: string): Route => {
  const { service, prefix } = targetOf(target);
  if (service) return { protocol: jsonRpc, service, request };
  return { protocol: jsonRpc, request, refusal: notServed(prefix || target) };
};

const queryRoute = (request: RawRequest, signedFor: string | undefined): Route => {
  if (signedFor === undefined || signedFor === 'sts') return { protocol: query, service: 'sts', request };
  return { protocol: query, request, refusal: isServed(signedFor) ? notOverQuery(signedFor) : notServed(signedFor) };
};

const isForm = ({ method, headers }: RawRequest): boolean =>
  method === 'POST' && (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

const isServed = (service: string): boolean => (SERVICE_NAMES as readonly string[]).includes(service);

const notServed = (service: string): AwsError =>
  new AwsError(
    'UnknownOperationException',
    `The local stage does not serve ${service}; it serves ${SERVICE_NAMES.join(', ')} over their current protocols.`,
    { status: 404 },
  );

const notOverQuery = (service: string): AwsError =>
  new AwsError(
    'InvalidAction',
    `The local stage does not speak the query protocol of ${service}; current SDKs use JSON.`,
  );
