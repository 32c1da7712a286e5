import { parseArn } from '../common/arn.ts';
import type { PolicyDocument } from '../common/service.ts';

/** The policies of buckets, which count for their objects too. */
export class BucketPolicies {
  readonly #policies = new Map<string, PolicyDocument>();

  put(bucket: string, document: PolicyDocument): void {
    this.#policies.set(bucket, document);
  }

  delete(bucket: string): void {
    this.#policies.delete(bucket);
  }

  /** @param arn of a bucket or an object */
  of(arn: string): PolicyDocument | undefined {
    return this.#policies.get(parseArn(arn)?.resource.split('/')[0] ?? '');
  }
}
