import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';

export interface FunctionReference {
  readonly name: string;
  /** Version or alias; undefined when none was given. */
  readonly qualifier: string | undefined;
}

/** The forms that the API takes: a name, `ACCOUNT:function:NAME`, or a whole ARN, each with or without a `:QUALIFIER`. */
export const parseFunctionName = (given: string, qualifier?: string): FunctionReference => {
  const parts = given.split(':');
  const at = parts.lastIndexOf('function');
  const [name = '', suffix] = at < 0 ? parts : parts.slice(at + 1);
  return { name, qualifier: qualifier ?? suffix };
};

export const functionArn = (account: Account, { name, qualifier }: FunctionReference): string =>
  arnIn(account, 'lambda', `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`);
