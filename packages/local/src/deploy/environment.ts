import type { Account } from '../common/account.ts';
import { AssemblyError, type StackArtifact } from './assembly.ts';
import { partitionOf } from './pseudo-parameters.ts';

const ACCOUNT_ID = '000000000000';
const REGION = 'us-east-1';

/**
 * The one account and region that a stage plays for an assembly.
 *
 * @throws AssemblyError when the stacks are meant for several
 */
export const accountFor = (stacks: readonly StackArtifact[]): Account => {
  const accountId =
    theOne(
      'account',
      stacks.map((stack) => stack.accountId),
    ) ?? ACCOUNT_ID;
  const region =
    theOne(
      'region',
      stacks.map((stack) => stack.region),
    ) ?? REGION;
  return { accountId, region, partition: partitionOf(region) };
};

const theOne = (kind: string, values: readonly (string | undefined)[]): string | undefined => {
  const known = [...new Set(values.filter((value) => value !== undefined))];
  if (known.length > 1)
    throw new AssemblyError(`the stacks name more than one ${kind} (${known.join(', ')}); a stage plays one`);
  return known[0];
};
