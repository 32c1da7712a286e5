import { isDeepStrictEqual } from 'node:util';
import { foundIn, swiftly } from '@sfn-redshift/fuzz';
import type { TaskerError } from '../../src/index.ts';
import { FORBIDDEN } from '../helpers/canaries.ts';
import { toldBy } from '../helpers/failure-of.ts';

/** No field makes a text longer than this: errors go into states, logs and queues. */
const MAX_TOLD = 2_000;

type ErrorClass = new (...args: never[]) => TaskerError;

/**
 * What the work gives; undefined where it refuses as it should: by an error of this class, short and without a secret.
 * @throws Error about anything else that it does
 */
export const resultOrRefusal = <T>(work: () => T, refusal: ErrorClass): T | undefined => {
  try {
    return swiftly(work);
  } catch (error) {
    if (!(error instanceof refusal)) throw error;
    const secrets = foundIn(toldBy(error), FORBIDDEN);
    if (secrets.length > 0) throw new Error(`${error.name} tells ${secrets.join(', ')}`, { cause: error });
    if (error.message.length > MAX_TOLD) throw new Error(`${error.name} is ${error.message.length} characters long`);
    return undefined;
  }
};

/** @throws Error where the two differ */
export const mustEqual = (there: unknown, back: unknown): void => {
  if (!isDeepStrictEqual(there, back)) throw new Error(`${JSON.stringify(there)} came back as ${JSON.stringify(back)}`);
};
