import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { callbackSchema, type ResourceCallback } from './callback.ts';
import { checkMessage } from './check.ts';
import { durableOwnerOf } from './durable-callback.ts';
import { TABLE } from './names.ts';
import { CHECK_TYPES, RESULT_FORMS } from './result-request.ts';
import { sha256 } from './sql-text.ts';
import { type StartRequest, workHashOf } from './start-request.ts';
import { boundedOwner, INVOCATION_KEY_LENGTH, type TrackingKey } from './statement-name.ts';
import { text } from './text.ts';

const STATUSES = ['starting', 'submitted', 'cancelling', 'closed'] as const;

/** How it ended: Redshift's word; `REFUSED` where it never started; `UNKNOWN` where nobody can tell any more. */
export const OUTCOMES = ['FINISHED', 'FAILED', 'ABORTED', 'REFUSED', 'UNKNOWN'] as const;
export type Outcome = (typeof OUTCOMES)[number];

// Loose: a completer reads what an invoker one contract version newer has written, and leaves what it does not know.
const trackingItem = z.looseObject({
  owner: text,
  invocationKey: text,
  contractVersion: z.int(),
  status: z.enum(STATUSES),
  /** Rises when another attempt takes the statement over; a write that is meant for one generation says so. */
  generation: z.int(),
  callback: callbackSchema,
  statementName: z.string(),
  targetId: z.string(),
  ownerRoleArn: z.string(),
  workHash: z.string(),
  shortSql: z.string(),
  /** Epoch milliseconds, as all times but `expiresAt`. */
  startedAt: z.number(),
  /** Until then nobody but the claimant touches an item without a statement id. */
  startDeadline: z.number(),
  /** In seconds, as DynamoDB wants it. */
  expiresAt: z.number(),
  /** Made up for each claim: by it a claimant knows its own write again, whatever else two claims have in common. */
  claimant: z.optional(z.string()),
  /** Stands for where the statement was to run: under one `targetId` that may change with an update of the stack. */
  targetHash: z.optional(z.string()),
  /** The customer's key of the warehouse, which whoever acts as the owner may need. */
  warehouseKeyArn: z.optional(z.string()),
  attempt: z.optional(
    z.looseObject({ state: z.string(), enteredTime: z.string(), retryCount: z.number(), redriveCount: z.number() }),
  ),
  onTimeout: z.optional(z.enum(['cancel', 'leave'])),
  /** The owner of the row of the lock that the statement must hold. */
  lock: z.optional(z.string()),
  /** How many statements it is, if it is a batch. */
  batch: z.optional(z.looseObject({ statements: z.int(), executionMode: z.enum(['TRANSACTION', 'AUTO_COMMIT']) })),
  /** There where the statement runs in a session that others can use; its `id` may not be noted. */
  session: z.optional(z.looseObject({ id: z.optional(z.string()) })),
  statementId: z.optional(z.string()),
  /**
   * The one whose ClientToken starts the statement, where another attempt has taken it over before it had an id; else
   * `generation`.
   */
  startGeneration: z.optional(z.int()),
  /** There where the owner is not the execution that waits. */
  executionArn: z.optional(z.string()),
  /** Since when the sweep knows that the task is gone. */
  goneSince: z.optional(z.number()),
  // From here to `check`: the request's.
  heartbeatSeconds: z.optional(z.number()),
  maxRuntimeSeconds: z.optional(z.number()),
  errors: z.optional(z.string()),
  result: z.optional(
    z.object({
      form: z.enum(RESULT_FORMS),
      maxRows: z.optional(z.number()),
      s3: z.optional(z.object({ bucket: z.string(), prefix: z.optional(z.string()) })),
    }),
  ),
  check: z.optional(
    z.object({
      type: z.enum(CHECK_TYPES),
      equals: z.optional(z.union([z.string(), z.number(), z.boolean(), z.null()])),
      min: z.optional(z.union([z.string(), z.number()])),
      max: z.optional(z.union([z.string(), z.number()])),
      sampleRows: z.optional(z.number()),
    }),
  ),
  /** Goes before the SQL wherever the statement is started; absent: nothing does. */
  sqlComment: z.optional(z.string()),
  /** Why a statement is cancelled that somebody may wait for: the name of the field that asked for it. */
  cancelCause: z.optional(z.string()),
  /** Why the invoker, which nobody will ask again, has not told whether it has started the statement. */
  givenUp: z.optional(z.string()),
  /**
   * That this attempt, instead of starting a statement, adopts another item (of the same owner) as it stood in that
   * generation: such an item is closed, has no outcome, and nothing ever ran under its name.
   */
  adopts: z.optional(z.looseObject({ invocationKey: z.string(), generation: z.int() })),
  outcome: z.optional(z.enum(OUTCOMES)),
  delivered: z.optional(z.boolean()),
  closedAt: z.optional(z.number()),
});

/** One statement as the table remembers it: step 2 to 6, invoker → table → completer. */
export type TrackingItem = z.output<typeof trackingItem>;

/** The item as attributes: an open one carries the key of the sparse index, a closed one does not. */
export const encodeTrackingItem = (item: TrackingItem): Record<string, unknown> => ({
  ...item,
  ...(item.status !== 'closed' && { [TABLE.open]: openValueOf(item) }),
});

/** Where an open item stands in the sparse index: most come due by their age; those with a clock of their own are watched. */
export const openValueOf = (item: TrackingItem): string => {
  const { status, goneSince, heartbeatSeconds, maxRuntimeSeconds, givenUp } = item;
  const clocks = [goneSince, heartbeatSeconds, maxRuntimeSeconds, givenUp];
  const isWatched = status === 'cancelling' || clocks.some((clock) => clock !== undefined);
  return isWatched ? TABLE.watchedValue : TABLE.openValue;
};

/** @throws MalformedMessage naming the attribute at fault. */
export const decodeTrackingItem = (attributes: unknown): TrackingItem => {
  const { [TABLE.open]: _open, ...item } = checkMessage(trackingItem, attributes, 'item');
  return item;
};

/**
 * The key under which a request is claimed: two requests that must start one statement get the same, all others different
 * ones. The token stands beside the attempt, because iterations of a Map may share everything else (docs/decisions/0004).
 * `requestId` is the Lambda request id: Lambda's own retries of an asynchronous invocation repeat it.
 * A CloudFormation request is known by its own id, that of a durable function by its callback's: a submitter is repeated. An
 * idempotency key outranks all others, and is its own owner.
 */
export const trackingKeyOf = (request: StartRequest, requestId: string): TrackingKey => ({
  owner: boundedOwner(ownerOf(request, requestId)),
  invocationKey: invocationKeyOf(identityOf(request, requestId)),
});

const invocationKeyOf = (identity: readonly (string | number)[]): string =>
  sha256(...identity).slice(0, INVOCATION_KEY_LENGTH);

/** Of a resource every request has the same owner: so one query finds what earlier ones have left running. */
const resourceOwnerOf = ({ stackId, logicalResourceId }: ResourceCallback): string => `${stackId}/${logicalResourceId}`;

/** The key of the item of a CloudFormation request, whatever it asks for. */
export const resourceKeyOf = (callback: ResourceCallback): TrackingKey => ({
  owner: boundedOwner(resourceOwnerOf(callback)),
  invocationKey: invocationKeyOf(['cloudFormation', callback.requestId]),
});

// No ARN begins with either; that of a resource's stack is an execution's to nobody.
const ownerOf = ({ idempotencyKey, executionArn, callback }: StartRequest, requestId: string): string => {
  if (callback.type === 'cloudFormation') return resourceOwnerOf(callback);
  if (idempotencyKey !== undefined) return `key-${idempotencyKey}`;
  if (executionArn !== undefined) return executionArn;
  return callback.type === 'durableFunction'
    ? durableOwnerOf(callback.callbackId)
    : `adhoc-${requestId || randomUUID()}`;
};

const identityOf = (request: StartRequest, requestId: string): (string | number)[] => {
  const { attempt, callback, idempotencyKey } = request;
  if (idempotencyKey !== undefined) return ['idempotencyKey', idempotencyKey];
  if (callback.type === 'cloudFormation') return ['cloudFormation', callback.requestId];
  if (callback.type === 'durableFunction') return ['durableCallback', callback.callbackId];
  const token = callback.type === 'stepFunctions' ? callback.taskToken : '';
  if (attempt) {
    const { state, enteredTime, retryCount, redriveCount } = attempt;
    return ['attempt', state, enteredTime, retryCount, redriveCount, workHashOf(request), token];
  }
  return token ? ['token', token] : ['request', requestId];
};

/**
 * The Data API's `ClientToken` (64 characters): repeats for the same start, changes with a new generation; but not with
 * one that only took over what an earlier one may have started.
 */
export const clientTokenOf = ({
  owner,
  invocationKey,
  generation,
  startGeneration = generation,
}: TrackingKey & Pick<TrackingItem, 'generation' | 'startGeneration'>): string =>
  sha256('clientToken', owner, invocationKey, startGeneration);
