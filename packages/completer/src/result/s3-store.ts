import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ResultStore } from './store-rows.ts';

/** With parts of this size and 10,000 of them an object may have more than a result can. */
const PART_BYTES = 8 * 1024 * 1024;

/** As many parts are sent at once; as many are held in memory, and one more that is being filled. */
const PARTS_AT_ONCE = 2;

/** A part is megabytes. */
const TIMEOUTS = { connectionTimeout: 1_500, requestTimeout: 15_000, throwOnRequestTimeout: true };

/** As the function itself, whose role may be allowed to write to buckets; wherever the bucket is. */
export const liveS3 = (): S3Client => new S3Client({ requestHandler: TIMEOUTS, followRegionRedirects: true });

export const s3Store = (client: S3Client): ResultStore => ({
  put: async (Bucket, Key, parts) => {
    const upload = new Upload({
      client,
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      params: {
        Bucket,
        Key,
        ContentType: 'application/x-ndjson',
        // No page is read before it is wanted.
        Body: Readable.from(parts, { highWaterMark: 1 }),
      },
    });
    await upload.done();
  },
});
