import { createHash, randomUUID } from 'node:crypto';

/** As Step Functions names them, and Node. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

export const isAlgorithm = (name: unknown): name is string =>
  typeof name === 'string' && Object.hasOwn(ALGORITHMS, name);

/** In lower-case hexadecimal digits. */
export const hash = (text: string, algorithm: string): string =>
  createHash(ALGORITHMS[algorithm] ?? algorithm)
    .update(text)
    .digest('hex');

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
