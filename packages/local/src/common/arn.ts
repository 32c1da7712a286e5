import type { Account } from './account.ts';

export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** `arn:partition:service:region:account:resource`; `region` and `accountId` may be empty, as for S3 and IAM. */
export const formatArn = (parts: ArnParts): string =>
  `arn:${parts.partition}:${parts.service}:${parts.region}:${parts.accountId}:${parts.resource}`;

export const parseArn = (arn: string): ArnParts | undefined => {
  const [head, partition, service, region, accountId, ...resource] = arn.split(':');
  if (head !== 'arn' || !partition || !service || resource.length === 0) return undefined;
  return { partition, service, region: region ?? '', accountId: accountId ?? '', resource: resource.join(':') };
};

/** The ARN of something that belongs to this account and region. */
export const arnIn = (account: Account, service: string, resource: string): string =>
  formatArn({ ...account, service, resource });

/** IAM is global: its ARNs carry no region. */
export const iamArn = (account: Account, resource: string): string =>
  formatArn({ ...account, service: 'iam', region: '', resource });
