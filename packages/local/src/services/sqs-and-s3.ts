import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import type { Account } from '../common/account.ts';
import type { Service } from '../common/service.ts';
import { BucketPolicies } from './bucket-policies.ts';
import { assumedKeys, type KeyDirectory } from './kms.ts';
import { S3 } from './s3.ts';
import { Sqs } from './sqs.ts';
import { Upstream } from './upstream.ts';

/**
 * SQS and S3 by one fauxqs, in memory, listening on loopback only (its own starter listens on every interface).
 *
 * @param deps.endpoint where the gateway is; queue URLs begin with it
 * @param deps.bucketPolicies by default no bucket has one
 * @param deps.keys where the keys of queues are looked up; by default every key id and ARN is taken to exist
 */
export const startSqsAndS3 = async (
  account: Account,
  deps: { readonly endpoint: () => string; readonly keys?: KeyDirectory; readonly bucketPolicies?: BucketPolicies },
): Promise<{ sqs: Service; s3: Service; close(): Promise<void> }> => {
  const app = buildApp({ logger: false, defaultRegion: account.region });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const upstream = new Upstream(port, `${account.region}/sqs`);
  const { endpoint, keys = assumedKeys(account), bucketPolicies = new BucketPolicies() } = deps;
  const sqs = new Sqs({ upstream, account, endpoint, keys });
  return {
    sqs,
    s3: new S3({ upstream, account, policies: bucketPolicies }),
    close: async () => {
      await sqs.close();
      // Its closing ends waiting receives, which ours would otherwise wait for.
      await app.close();
      await upstream.close();
    },
  };
};
