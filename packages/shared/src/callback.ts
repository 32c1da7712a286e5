import * as z from 'zod/mini';

const nonEmpty = z.string().check(z.minLength(1));

/**
 * Who is told when a statement ends. Exactly one of four, chosen when the request is checked and stored with the item.
 * Holds secrets (token, URL, callback id): encrypted at rest, never logged.
 */
export const callbackSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stepFunctions'), taskToken: nonEmpty }),
  z.object({
    type: z.literal('cloudFormation'),
    responseUrl: nonEmpty,
    stackId: nonEmpty,
    requestId: nonEmpty,
    logicalResourceId: nonEmpty,
    physicalResourceId: nonEmpty,
    failedResourceId: z.optional(nonEmpty),
    requestType: z.optional(z.enum(['Create', 'Update', 'Delete'])),
  }),
  z.object({ type: z.literal('durableFunction'), callbackId: nonEmpty }),
  z.object({ type: z.literal('none') }),
]);

export type Callback = z.infer<typeof callbackSchema>;

/**
 * CloudFormation's: answered once for each `requestId`, by `responseUrl`, which whoever holds it can use.
 * `physicalResourceId` is what a success, and an end of which nobody knows, is answered with; `failedResourceId` (absent: the same) a failure.
 */
export type ResourceCallback = Extract<Callback, { type: 'cloudFormation' }>;
