import { resourceUuid } from '../naming.ts';
import type { ResourceType } from '../resource.ts';

export const s3BucketPolicy: ResourceType = {
  replacement: ['Bucket'],
  plan: (resource, { parts: { bucketPolicies } }) => {
    const { properties } = resource;
    const bucket = properties.requiredString('Bucket');
    const document = properties.policy('PolicyDocument', 'key');
    const put = () => bucketPolicies.put(bucket, document);
    return {
      physicalId: resourceUuid(resource),
      attributes: {},
      create: put,
      update: put,
      delete: () => bucketPolicies.delete(bucket),
    };
  },
};
