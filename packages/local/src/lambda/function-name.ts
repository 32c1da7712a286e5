import type { Account } from '../common/account.ts';
import { arnIn, parseArn } from '../common/arn.ts';

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

/** The function that a whole ARN names; undefined when it is the ARN of something else. */
export const functionIn = (arn: string): FunctionReference | undefined => {
  const [kind, name, qualifier] = parseArn(arn)?.resource.split(':') ?? [];
  return kind === 'function' && name ? { name, qualifier } : undefined;
};
