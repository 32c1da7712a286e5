import * as z from 'zod/mini';
import { text } from './text.ts';

/**
 * Who is told when a statement ends. Exactly one of four, chosen when the request is checked and stored with the item.
 * Holds secrets (token, URL, callback id): encrypted at rest, never logged.
 */
export const callbackSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stepFunctions'), taskToken: text }),
  z.object({
    type: z.literal('cloudFormation'),
    responseUrl: text,
    stackId: text,
    requestId: text,
    logicalResourceId: text,
    physicalResourceId: text,
    failedResourceId: z.optional(text),
    requestType: z.optional(z.enum(['Create', 'Update', 'Delete'])),
  }),
  z.object({ type: z.literal('durableFunction'), callbackId: text }),
  z.object({ type: z.literal('none') }),
]);

export type Callback = z.infer<typeof callbackSchema>;

/**
 * CloudFormation's: answered once for each `requestId`, by `responseUrl`, which whoever holds it can use.
 * `physicalResourceId` is what a success, and an end of which nobody knows, is answered with; `failedResourceId` (absent: the same) a failure.
 */
export type ResourceCallback = Extract<Callback, { type: 'cloudFormation' }>;
