import type { Account } from '../common/account.ts';
import { AssemblyError, type StackArtifact } from './assembly.ts';
import { partitionOf } from './pseudo-parameters.ts';

interface Environment {
  readonly accountId: string;
  readonly region: string;
}

const BY_DEFAULT: Environment = { accountId: '000000000000', region: 'us-east-1' };

/**
 * The one account and region that a stage plays for an assembly.
 *
 * @param unnamed what it plays where the assembly names none
 * @throws AssemblyError when the stacks are meant for several
 */
export const accountFor = (stacks: readonly StackArtifact[], unnamed: Environment = BY_DEFAULT): Account => {
  const accountId =
    theOne(
      'account',
      stacks.map((stack) => stack.accountId),
    ) ?? unnamed.accountId;
  const region =
    theOne(
      'region',
      stacks.map((stack) => stack.region),
    ) ?? unnamed.region;
  return { accountId, region, partition: partitionOf(region) };
};

/** @throws AssemblyError unless both are the same */
export const refuseOther = (account: Account, wanted: Account): void => {
  if (account.accountId === wanted.accountId && account.region === wanted.region) return;
  throw new AssemblyError(
    `the assembly is for account ${wanted.accountId} and region ${wanted.region}; the stage plays ${account.accountId} and ${account.region}`,
  );
};

const theOne = (kind: string, values: readonly (string | undefined)[]): string | undefined => {
  const known = [...new Set(values.filter((value) => value !== undefined))];
  if (known.length > 1)
    throw new AssemblyError(`the stacks name more than one ${kind} (${known.join(', ')}); a stage plays one`);
  return known[0];
};
