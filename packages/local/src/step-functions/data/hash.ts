import { createHash } from 'node:crypto';

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
