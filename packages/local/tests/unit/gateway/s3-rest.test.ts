import { describe, expect, it } from 'vitest';
import { bucketOfHost } from '../../../src/gateway/protocols/s3-rest.ts';

describe('bucketOfHost', () => {
  it.each([
    ['data.s3.amazonaws.com', 'data'],
    ['data.s3.eu-central-1.amazonaws.com', 'data'],
    ['data.s3-us-west-2.amazonaws.com', 'data'],
    ['data.s3.cn-north-1.amazonaws.com.cn', 'data'],
    ['my.data.localhost:4566', 'my.data'],
    ['s3.localhost', undefined],
    ['s3.amazonaws.com', undefined],
    ['localhost:4566', undefined],
    ['127.0.0.1:4566', undefined],
  ])('finds in the host %s the bucket %s', (host, bucket) => {
    expect(bucketOfHost(host)).toBe(bucket);
  });
});
