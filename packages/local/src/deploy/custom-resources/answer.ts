import { HalfMadeError } from '../deployment-error.ts';
import { isObject } from '../property-values.ts';
import type { ResponseAddress } from './response-url.ts';

/** What a custom resource has answered. */
export interface Answer {
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives. */
  readonly data: Readonly<Record<string, unknown>>;
}

const LARGEST_BYTES = 4096;
const LONGEST_ID_BYTES = 1024;

/**
 * Reads an answer.
 *
 * @throws HalfMadeError when it tells of a failure, or cannot be taken for an answer to the request
 */
export const readAnswer = (body: Buffer, address: ResponseAddress, idIfUnknown: string): Answer => {
  if (body.length > LARGEST_BYTES) throw new HalfMadeError('Response object is too long.', idIfUnknown);
  const response = parsed(body, idIfUnknown);
  const given = response.PhysicalResourceId;
  const isUsable = typeof given === 'string' && given !== '' && Buffer.byteLength(given) <= LONGEST_ID_BYTES;
  const fail = (reason: string) => new HalfMadeError(reason, isUsable ? given : idIfUnknown);
  for (const [name, value] of echoes(address))
    if (response[name] !== value) throw fail(`Invalid response: ${name} is not that of the request.`);
  if (!isUsable) throw fail('Invalid PhysicalResourceId: it must be a text of 1 to 1024 bytes.');
  if (response.Status === 'FAILED') throw fail(failure(response.Reason, address.requestId));
  if (response.Status !== 'SUCCESS') throw fail('Invalid response: Status must be SUCCESS or FAILED.');
  return { physicalId: given, data: dataOf(response.Data, fail) };
};

const parsed = (body: Buffer, idIfUnknown: string): Readonly<Record<string, unknown>> => {
  let response: unknown;
  try {
    response = JSON.parse(body.toString());
  } catch {
    throw new HalfMadeError('Invalid response: it is not JSON.', idIfUnknown);
  }
  if (isObject(response)) return response;
  throw new HalfMadeError('Invalid response: it is not a JSON object.', idIfUnknown);
};

/** What an answer repeats of its request. */
const echoes = ({ stackId, requestId, logicalId }: ResponseAddress): readonly (readonly [string, string])[] => [
  ['StackId', stackId],
  ['RequestId', requestId],
  ['LogicalResourceId', logicalId],
];

const failure = (reason: unknown, requestId: string): string =>
  typeof reason === 'string' && reason !== ''
    ? `Received response status [FAILED] from custom resource. Message returned: ${reason} (RequestId: ${requestId})`
    : 'Invalid response: a Reason is required for status FAILED.';

const dataOf = (data: unknown, fail: (reason: string) => Error): Readonly<Record<string, unknown>> => {
  if (data === undefined || data === null) return {};
  if (!isObject(data)) throw fail('Invalid response: Data must be an object.');
  return asTexts(data) as Record<string, unknown>;
};

/** Scalars are texts to CloudFormation, in what it sends as in what it is given. */
export const asTexts = (value: unknown): unknown => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(asTexts);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asTexts(item)]));
};
