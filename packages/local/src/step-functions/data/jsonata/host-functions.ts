import { randomUUID } from 'node:crypto';
import { hash, isAlgorithm } from '../hash.ts';

/** What expressions need of Node. All of these take and return primitives only, and none throws: nothing of Node's gets into the expressions' own realm. */
export const hostFunctions = {
  uuid: (): string => randomUUID(),
  /** Undefined for an algorithm that there is not. */
  hash: (text: string, algorithm: string): string | undefined =>
    isAlgorithm(algorithm) ? hash(text, algorithm) : undefined,
  /** Bytes as characters, as browsers have it. */
  btoa: (bytes: string): string => Buffer.from(bytes, 'latin1').toString('base64'),
  atob: (text: string): string => Buffer.from(text, 'base64').toString('latin1'),
};

export type HostFunctions = typeof hostFunctions;
