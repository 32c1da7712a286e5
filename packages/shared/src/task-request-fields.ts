import * as z from 'zod/mini';
import { durableCallbackId, isDurableExecution } from './durable-callback.ts';
import { DATA_API_ID } from './names.ts';
import { CHECK_TYPES, RESULT_FORMS } from './result-request.ts';
import { MAX_SQL_BYTES } from './sql-text.ts';
import { text } from './text.ts';

/** The Data API's limit of statements in a batch. */
const MAX_BATCH = 40;

export const ACTIONS = [
  'executeStatement',
  'executeSingletonStatement',
  'batchExecuteStatement',
  'describeStatement',
  'getStatementResult',
  'cancelStatement',
] as const;

export const LATEST = 'LATEST';

/** What an item keeps must not grow beyond what DynamoDB takes; names of states have up to 80 characters. */
const shortText = text.check(z.maxLength(256));
export const wholeNumber = (minimum: number, maximum?: number) => {
  const range = maximum === undefined ? `, at least ${minimum}` : ` from ${minimum} to ${maximum}`;
  const error = `must be a whole number${range}`;
  const within = (value: number) => value >= minimum && value <= (maximum ?? Number.MAX_SAFE_INTEGER);
  return z.number({ error }).check(z.refine((value) => Number.isInteger(value) && within(value)));
};
export const sql = z.string().check(
  z.refine((value) => value.trim() !== '', { error: 'must not be empty' }),
  z.refine((value) => Buffer.byteLength(value) <= MAX_SQL_BYTES, {
    error: ({ input }) =>
      `must be at most ${MAX_SQL_BYTES} bytes of UTF-8, the Data API's limit, but has ${Buffer.byteLength(String(input))}`,
  }),
);
const STATES_EXECUTION = /^arn:[^:]+:states:[^:]+:[^:]+:(execution|express):.+$/;
/** Whether the limit of 200 KB is one for each statement or for them all is not documented; what fits both is safe. */
const sqls = z.array(sql).check(
  z.minLength(1),
  z.maxLength(MAX_BATCH),
  z.refine((all) => bytesOf(all) <= MAX_SQL_BYTES, {
    error: ({ input }) =>
      `must together be at most ${MAX_SQL_BYTES} bytes of UTF-8, the Data API's limit, but have ${bytesOf(input as string[])}`,
  }),
);
const bytesOf = (sqls: readonly string[]): number => sqls.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const executionArn = z.string().check(
  z.refine((value) => STATES_EXECUTION.test(value) || isDurableExecution(value), {
    error: 'must be the ARN of an execution ($$.Execution.Id)',
  }),
  z.maxLength(380),
);
const statementId = z.string().check(
  z.regex(new RegExp(`^(LATEST|${DATA_API_ID})$`), {
    error: 'must be a statement id of the Data API, or LATEST',
  }),
);
// Sent as text either way; null and the empty string cannot be: the Data API has no form for them.
const parameterName = z
  .string()
  .check(z.regex(/^[0-9a-zA-Z_]+$/, { error: 'must have a name of letters, digits and underscores only' }));
const parameterNumber = z.number().check(
  z.refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), {
    error: 'is a whole number beyond what JSON carries exactly; send it as a string',
  }),
);
const parameterValue = z.union([text, parameterNumber, z.boolean()], {
  error: 'must be a non-empty string, a number or a boolean (Redshift parameters have no form for NULL or empty text)',
});

export const parameters = z.record(parameterName, parameterValue);
export const lock = z.object({
  name: shortText,
  mode: z.optional(z.enum(['fail', 'wait', 'join'])),
});

/** Far more than the Data API's 500 MB hold. */
export const MAX_ROWS = 100_000_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = z.string().check(
  z.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
    error: 'must be the name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots',
  }),
);
// A key has at most 1,024 bytes, and the statement's id is a part of it. S3's clients may take dots for steps of a path.
const keyPrefix = z.string().check(
  z.refine((value) => !/^\/|(^|\/)\.{1,2}(\/|$)/.test(value), {
    error: 'must not begin with a slash, nor have . or .. between slashes',
  }),
  z.refine((value) => Buffer.byteLength(value) <= 900, { error: 'must be at most 900 bytes of UTF-8' }),
);

const bound = z.union([z.string(), z.number()], { error: 'must be a string or a number' });
const anyScalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be a string, a number, a boolean or null',
});

/** As long the Data API lets a statement run; seconds. */
export const maxRuntimeSeconds = wholeNumber(1, 86_400);

const attempt = z.object({
  state: shortText,
  enteredTime: shortText,
  retryCount: wholeNumber(0),
  redriveCount: z._default(wholeNumber(0), 0),
});

const sessionId = z.string().check(
  z.regex(new RegExp(`^${DATA_API_ID}$`), {
    error: 'must be the id of a session of the Data API (sessionId of an output)',
  }),
);

const fields = {
  contractVersion: z.optional(wholeNumber(1)),
  action: z.optional(z.enum(ACTIONS)),
  sqlStatement: z.optional(sql),
  sqlStatements: z.optional(sqls),
  executionMode: z.optional(z.enum(['TRANSACTION', 'AUTO_COMMIT'])),
  parameters: z.optional(parameters),
  executionArn: z.optional(executionArn),
  taskToken: z.optional(text.check(z.maxLength(2048))),
  attempt: z.optional(attempt),
  statementId: z.optional(statementId),
  state: z.optional(shortText),
  nextToken: z.optional(text),
  result: z.optional(
    z.object({
      form: z.optional(z.enum(['none', ...RESULT_FORMS])),
      maxRows: z.optional(wholeNumber(1, MAX_ROWS)),
      s3: z.optional(z.object({ bucket: bucketName, prefix: z.optional(keyPrefix) })),
    }),
  ),
  check: z.optional(
    z.object({
      type: z.enum(CHECK_TYPES),
      equals: z.optional(anyScalar),
      min: z.optional(bound),
      max: z.optional(bound),
      sampleRows: z.optional(wholeNumber(0, 20)),
    }),
  ),
  errors: z.optional(z.enum(['state', 'cause'])),
  heartbeatSeconds: z.optional(wholeNumber(1, 99_999_999)),
  onTimeout: z.optional(z.enum(['cancel', 'leave'])),
  onRetry: z.optional(z.enum(['adopt', 'restart'])),
  maxRuntimeSeconds: z.optional(maxRuntimeSeconds),
  session: z.optional(z.object({ id: z.optional(sessionId), keepAliveSeconds: z.optional(wholeNumber(0, 86_400)) })),
  idempotencyKey: z.optional(shortText),
  lock: z.optional(lock),
  durableCallbackId: z.optional(durableCallbackId),
  RequestType: z.optional(z.enum(['Create', 'Update', 'Delete'])),
  ResponseURL: z.optional(text),
  StackId: z.optional(text),
  RequestId: z.optional(text),
  LogicalResourceId: z.optional(text),
  PhysicalResourceId: z.optional(text),
  ResourceType: z.optional(text),
  ResourceProperties: z.optional(z.record(z.string(), z.unknown())),
  OldResourceProperties: z.optional(z.record(z.string(), z.unknown())),
  ServiceToken: z.optional(text),
};

/** Every field of a request, contract version 1. Fields that it does not know are left out of what it returns. */
export const requestFields = z.object(fields, { error: 'must be a JSON object' });

export type RequestFields = z.output<typeof requestFields>;
export type FieldName = keyof RequestFields;
export type Attempt = z.output<typeof attempt>;

export const FIELD_NAMES = Object.keys(requestFields.shape) as FieldName[];

/** Fields of a CloudFormation event, which is read elsewhere: no request has one without being such an event. */
export const EVENT_FIELDS = [
  'RequestType',
  'ResponseURL',
  'StackId',
  'RequestId',
  'LogicalResourceId',
  'PhysicalResourceId',
  'ResourceType',
  'ResourceProperties',
  'OldResourceProperties',
  'ServiceToken',
] as const satisfies readonly FieldName[];
