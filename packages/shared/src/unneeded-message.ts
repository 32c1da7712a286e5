import * as z from 'zod/mini';
import { callbackSchema, type ResourceCallback } from './callback.ts';
import { checkMessage } from './check.ts';
import { MalformedMessage } from './failure.ts';
import { isOfType } from './message-type.ts';
import { CONTRACT_VERSION } from './names.ts';

const TYPE = 'unneeded';

const unneededMessage = z.looseObject({ type: z.literal(TYPE), contractVersion: z.int(), callback: callbackSchema });

export const isUnneededMessage = (message: unknown): boolean => isOfType(message, TYPE);

/**
 * A request of CloudFormation needs no SQL to be run: invoker → queue → completer, who alone answers.
 * @throws MalformedMessage naming the field at fault
 */
export const parseUnneededMessage = (message: unknown): ResourceCallback => {
  const { callback } = checkMessage(unneededMessage, message, TYPE);
  if (callback.type === 'cloudFormation') return callback;
  throw new MalformedMessage(`${TYPE}.callback.type`, `must be "cloudFormation"; received "${callback.type}"`);
};

export const encodeUnneededMessage = (callback: ResourceCallback): Record<string, unknown> => ({
  type: TYPE,
  contractVersion: CONTRACT_VERSION,
  callback,
});
