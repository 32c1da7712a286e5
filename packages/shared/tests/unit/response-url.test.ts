import { describe, expect, it } from 'vitest';
import type { ResourceCallback } from '../../src/callback.ts';
import { isLaterRequest, isResponseUrl } from '../../src/response-url.ts';

const BUCKET = 'cloudformation-custom-resource-response-';

describe("a response URL of CloudFormation's", () => {
  it.each([
    `https://${BUCKET}useast1.s3.amazonaws.com/key?X-Amz-Signature=1`,
    `https://${BUCKET}uswest2.s3-us-west-2.amazonaws.com/key?Signature=1%2B`,
    `https://${BUCKET}eucentral1.s3.eu-central-1.amazonaws.com/key`,
    `https://${BUCKET}eucentral1.s3.dualstack.eu-central-1.amazonaws.com/key`,
    `https://${BUCKET}cnnorth1.s3.cn-north-1.amazonaws.com.cn/key`,
    `https://${BUCKET}usgovwest1.s3-us-gov-west-1.amazonaws.com/key`,
    `https://${BUCKET}usgoveast1.s3.us-gov-east-1.amazonaws.com/key`,
  ])('is %s', (url) => {
    expect(isResponseUrl(url)).toBe(true);
  });

  it.each([
    `http://${BUCKET}useast1.s3.amazonaws.com/key`,
    `https://${BUCKET}useast1.s3.amazonaws.com.evil.example/key`,
    `https://${BUCKET}useast1.s3.amazonaws.com:8443/key`,
    `https://user@${BUCKET}useast1.s3.amazonaws.com/key`,
    `https://evil.example/https://${BUCKET}useast1.s3.amazonaws.com/key`,
    `https://other-bucket.s3.amazonaws.com/${BUCKET}useast1`,
    `https://${BUCKET}.s3.amazonaws.com/key`,
    `https://${BUCKET}useast1.s3.evil.example/key`,
    `https://${BUCKET}useast1.s3.x.y.amazonaws.com/key`,
    `https://${BUCKET}useast1.ec2.amazonaws.com/key`,
    `https://${BUCKET}useast1.s3.amazonaws.com`,
    `https://${BUCKET}useast1.s3.amazonaws.com/key#part`,
    `https://${BUCKET}useast1.s3.amazonaws.com/a\nb`,
    `https://169.254.169.254/latest`,
    '',
  ])('is not %s', (url) => {
    expect(isResponseUrl(url)).toBe(false);
  });
});

const request = (
  requestType: ResourceCallback['requestType'],
  signed: string | undefined,
  before = '?',
): ResourceCallback => ({
  type: 'cloudFormation',
  responseUrl: `https://x/${before}${signed === undefined ? 'Expires=1' : `X-Amz-Date=${signed}&X-Amz-Expires=7200`}`,
  stackId: 's',
  requestId: 'r',
  logicalResourceId: 'l',
  physicalResourceId: 'p',
  requestType,
});

describe('a later request', () => {
  it('is one whose URL was signed later', () => {
    expect(isLaterRequest(request('Create', '20261126T080001Z'), request('Delete', '20261126T080000Z'))).toBe(true);
    expect(isLaterRequest(request('Delete', '20261126T080000Z', '?a=b&'), request('Create', '20261126T080001Z'))).toBe(
      false,
    );
  });

  it('is any other than a Create, within the same second', () => {
    const of = (type: 'Create' | 'Update' | 'Delete') => request(type, '20261126T080000Z');
    const [create, update, other] = [of('Create'), of('Update'), of('Delete')] as const;
    expect(isLaterRequest(update, create)).toBe(true);
    expect(isLaterRequest(other, create)).toBe(true);
    expect(isLaterRequest(create, other)).toBe(false);
    expect(isLaterRequest(create, create)).toBe(false);
    expect(isLaterRequest(other, update)).toBe(false);
  });

  it('is not known where a URL does not tell', () => {
    expect(isLaterRequest(request('Delete', undefined), request('Create', '20261126T080000Z'))).toBe(false);
    expect(isLaterRequest(request('Delete', '20261126T080000Z'), request('Create', undefined))).toBe(false);
  });
});
