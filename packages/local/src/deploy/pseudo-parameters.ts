import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { stableUuid } from './naming.ts';

export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};

export const urlSuffixOf = ({ partition }: Account): string =>
  partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';

/** The same each time, as all names here are. */
export const stackIdOf = (account: Account, stackName: string): string =>
  arnIn(account, 'cloudformation', `stack/${stackName}/${stableUuid(account.accountId, stackName)}`);

/** What `AWS::…` means in a stack. */
export const pseudoParameters = (account: Account, stackName: string): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>([
    ['AWS::AccountId', account.accountId],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', account.partition],
    ['AWS::Region', account.region],
    ['AWS::StackId', stackIdOf(account, stackName)],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', urlSuffixOf(account)],
  ]);
