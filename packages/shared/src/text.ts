import * as z from 'zod/mini';

/** A text that is not empty. Apart from the fields of requests, which the completers need not carry along. */
export const text = z.string().check(z.minLength(1));
