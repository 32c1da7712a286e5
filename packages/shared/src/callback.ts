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
  }),
  z.object({ type: z.literal('durableFunction'), callbackId: nonEmpty }),
  z.object({ type: z.literal('none') }),
]);

export type Callback = z.infer<typeof callbackSchema>;
