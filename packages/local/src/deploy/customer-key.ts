import type { KeyDirectory } from '../services/kms.ts';

/**
 * The ARN of a key that a resource is to be encrypted with; undefined for none, and for a key of AWS's own.
 *
 * @param key id, ARN or alias
 * @throws Error when there is no such key
 */
export const customerKey = (key: string | undefined, keys: KeyDirectory): string | undefined => {
  if (key === undefined || key.includes('alias/aws/')) return undefined;
  const arn = keys.arnOf(key);
  if (arn === undefined) throw new Error(`the KMS key ${key} does not exist`);
  return arn;
};
