import * as z from 'zod/mini';
import { sha256 } from './sql-text.ts';

/** The form that Lambda documents; another could never be answered. */
const CALLBACK_ID = /^[A-Za-z0-9+/]+={0,2}$/;

export const durableCallbackId = z.string().check(
  z.minLength(1),
  z.maxLength(1024),
  z.regex(CALLBACK_ID, {
    error: 'must be the id of a callback of a durable function, as waitForCallback hands it to its submitter',
  }),
);

/** The ARN of an execution of a durable function: of a version, never of an alias. */
const DURABLE_EXECUTION = /^arn:[^:]+:lambda:[^:]+:[^:]+:function:[^:]+:[^:/]+\/durable-execution\/[^/]+\/[^/]+$/;

/** Whether it is a durable function's execution, of those that `executionArn` takes. */
export const isDurableExecution = (executionArn: string): boolean => DURABLE_EXECUTION.test(executionArn);

/** Hexadecimal characters: 128 bits. */
const OWNER_LENGTH = 32;

/**
 * The owner of a statement of which only the callback is known. Names and logs show it, so it is a hash: the id itself
 * would let everybody who reads it, and may call Lambda, answer in our place.
 */
export const durableOwnerOf = (callbackId: string): string =>
  `durable-${sha256('durableCallback', callbackId).slice(0, OWNER_LENGTH)}`;
