import * as z from 'zod/mini';
import { callbackSchema } from './callback.ts';
import { checkMessage } from './check.ts';
import { isOfType } from './message-type.ts';
import { CONTRACT_VERSION } from './names.ts';
import { text } from './text.ts';

const TYPE = 'refused';

const refusedMessage = z.looseObject({
  type: z.literal(TYPE),
  contractVersion: z.int(),
  callback: callbackSchema,
  error: text,
  cause: z.string(),
  time: z.string(),
});

/**
 * The invoker refused a request and nobody waits for its exception: invoker → queue → completer, who alone answers.
 * Travels only through the completion queue, which is encrypted: it carries the callback.
 */
export interface RefusedMessage {
  readonly callback: z.output<typeof callbackSchema>;
  /** The error's name, as a `Catch` would list it. */
  readonly error: string;
  readonly cause: string;
  /** ISO 8601. */
  readonly time: string;
}

export const isRefusedMessage = (message: unknown): boolean => isOfType(message, TYPE);

/** @throws MalformedMessage naming the field at fault. */
export const parseRefusedMessage = (message: unknown): RefusedMessage => {
  const { callback, error, cause, time } = checkMessage(refusedMessage, message, TYPE);
  return { callback, error, cause, time };
};

export const encodeRefusedMessage = (message: RefusedMessage): Record<string, unknown> => ({
  type: TYPE,
  contractVersion: CONTRACT_VERSION,
  ...message,
});
