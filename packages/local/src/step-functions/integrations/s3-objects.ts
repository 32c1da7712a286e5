import type { S3Client } from '@aws-sdk/client-s3';
import { AwsError } from '../../common/aws-error.ts';
import { isObject, type Json, type JsonObject } from '../data/json.ts';
import type { Integration } from './integration.ts';
import { textIn, timeText, wired } from './sdk-shapes.ts';
import { sdkError } from './service-errors.ts';
import type { ClientOptions } from './task-caller.ts';

const OPERATIONS = [
  'CopyObject',
  'DeleteObject',
  'DeleteObjects',
  'GetObject',
  'HeadBucket',
  'HeadObject',
  'ListBuckets',
  'ListObjects',
  'ListObjectsV2',
  'PutObject',
] as const;

type AnyCommand = new (input: JsonObject) => Parameters<S3Client['send']>[0];

/** `aws-sdk:s3:operation`. S3 speaks no JSON: the SDK's client calls it, and bodies are text. */
export const s3Objects: Integration = (operation, suffix) => {
  const name = OPERATIONS.find((known) => known.charAt(0).toLowerCase() + known.slice(1) === operation);
  if (!name || (suffix !== '' && suffix !== '.waitForTaskToken')) return undefined;
  return {
    resource: `${operation}${suffix}`,
    resourceType: 'aws-sdk:s3',
    pattern: suffix === '' ? 'request' : 'callback',
    start: async (parameters, caller) => ({ result: await call(name, parameters, await caller.clientOptions()) }),
  };
};

const call = async (
  operation: (typeof OPERATIONS)[number],
  parameters: Json,
  options: ClientOptions,
): Promise<Json> => {
  // Loaded by the first task that needs it.
  const sdk = await import('@aws-sdk/client-s3');
  const s3 = new sdk.S3Client({ ...options, forcePathStyle: true, maxAttempts: 1 });
  try {
    // The parameters are the user's; what is wrong with them, S3 says.
    const Command = sdk[`${operation}Command`] as unknown as AnyCommand;
    return await resultOf(await s3.send(new Command(inputOf(parameters))));
  } catch (error) {
    if (!(error instanceof sdk.S3ServiceException)) throw error;
    const { httpStatusCode: status = 500 } = error.$metadata;
    throw sdkError({ prefix: 'S3' }, new AwsError(error.name, error.message, { status }));
  } finally {
    s3.destroy();
  }
};

const inputOf = (parameters: Json): JsonObject => {
  if (!isObject(parameters)) return {};
  const { Body, ...rest } = parameters;
  return Body === undefined ? rest : { ...rest, Body: textIn(Body) };
};

/** The answer without what the client adds; with the body, if there is one, as text. */
const resultOf = async (output: object): Promise<Json> => {
  const { $metadata: _, Body, ...rest } = output as { readonly $metadata: unknown; readonly Body?: ReadableBody };
  const members = dated(rest) as JsonObject;
  return Body === undefined ? members : { ...members, Body: await Body.transformToString() };
};

interface ReadableBody {
  transformToString(): Promise<string>;
}

/** Points in time come as dates from this client. */
const dated = (value: unknown): Json => {
  if (value instanceof Date) return timeText(value.getTime());
  if (Array.isArray(value)) return value.map(dated);
  if (typeof value !== 'object' || value === null) return wired(value);
  const present = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present.map(([name, member]) => [name, dated(member)]));
};
