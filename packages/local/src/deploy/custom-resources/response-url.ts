import { randomBytes } from 'node:crypto';
import type { Account } from '../../common/account.ts';
import { urlSuffixOf } from '../pseudo-parameters.ts';

/** How long a URL can be used; AWS's own are seen with 7199 and 7200 seconds. */
export const URL_LIFETIME_MS = 7200_000;

const BUCKET_PREFIX = 'cloudformation-custom-resource-response-';

/** Regions in which S3's addresses are written with a dash. */
const DASHED = [
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-west-1',
  'us-west-2',
];

/** Where CloudFormation of a region expects answers; the region's name without dashes is part of the bucket's. */
export const responseHost = (account: Account): string => {
  const { region } = account;
  const suffix = urlSuffixOf(account);
  const bucket = BUCKET_PREFIX + region.replaceAll('-', '');
  if (region === 'us-east-1') return `${bucket}.s3.${suffix}`;
  return `${bucket}.s3${DASHED.includes(region) ? '-' : '.'}${region}.${suffix}`;
};

export interface ResponseAddress {
  readonly stackId: string;
  readonly logicalId: string;
  readonly requestId: string;
}

/** As it comes in a request's path, decoded. */
export const responseKey = ({ stackId, logicalId, requestId }: ResponseAddress): string =>
  [stackId, logicalId, requestId].join('|');

/**
 * A presigned URL of S3 in the form of CloudFormation's: whoever has it may answer, so it is as secret as a password. The signature is random
 * and compared with what is kept.
 *
 * @param now epoch milliseconds
 */
export const newResponseUrl = (account: Account, address: ResponseAddress, now: number): URL => {
  const date = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const credential = `ASIA${randomBytes(8).toString('hex').toUpperCase()}/${date.slice(0, 8)}/${account.region}/s3/aws4_request`;
  const url = new URL(`https://${responseHost(account)}/${encodeURIComponent(responseKey(address))}`);
  url.search = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': date,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Expires': String(URL_LIFETIME_MS / 1000),
    'X-Amz-Credential': credential,
    'X-Amz-Signature': randomBytes(32).toString('hex'),
  }).toString();
  return url;
};
