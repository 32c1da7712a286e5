import { GetObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Credentials } from '../../common/ports.ts';
import { RedshiftError } from '../errors.ts';

export interface S3Access {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/**
 * The contents of all objects whose keys begin with `prefix`, one after the other, in the order of their keys.
 *
 * @throws RedshiftError when there are none, or S3 refuses
 */
export async function* objectsUnder(
  bucket: string,
  prefix: string,
  access: S3Access,
  signal: AbortSignal,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const s3 = new S3Client({ ...access, forcePathStyle: true, maxAttempts: 1 });
  try {
    const keys = await list(s3, bucket, prefix, signal);
    if (keys.length === 0) throw new RedshiftError(`ERROR: The specified S3 prefix '${prefix}' does not exist`);
    for (const Key of keys) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }), { abortSignal: signal });
      yield Body as AsyncIterable<Uint8Array>;
    }
  } catch (error) {
    throw error instanceof S3ServiceException ? s3Error(error) : error;
  } finally {
    s3.destroy();
  }
}

/** Empty objects stand for folders; there is nothing to load from them. */
const list = async (s3: S3Client, Bucket: string, Prefix: string, abortSignal: AbortSignal): Promise<string[]> => {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }), { abortSignal });
    for (const { Key, Size } of page.Contents ?? []) if (Key && Size) keys.push(Key);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return keys;
};

const s3Error = ({ name, message, $metadata }: S3ServiceException): RedshiftError =>
  new RedshiftError(`ERROR: S3ServiceException:${message},Status ${$metadata.httpStatusCode ?? 0},Error ${name}`);
