import { awsFailureOf } from '@sfn-redshift/shared';
import type { StatementOwner } from './owner-statements.ts';

/** Exceptions, by how their names begin, after which the role's credentials are fetched anew, and the call is repeated once. */
const CREDENTIALS_EXPIRED = 'ExpiredToken';

/** Runs a call as an owner, whose calls are kept; once more with new credentials where the old ones have expired. */
export const onePerOwner = <C>(actAs: (owner: StatementOwner) => Promise<C>) => {
  const kept = new Map<string, Promise<C>>();
  const callsOf = (owner: StatementOwner): Promise<C> => {
    const key = keyOf(owner);
    const calls = kept.get(key) ?? actAs(owner);
    kept.set(key, calls);
    // A failure is not kept: the next call tries again.
    calls.catch(() => kept.delete(key));
    return calls;
  };
  return async <R>(owner: StatementOwner, call: (calls: C) => Promise<R>): Promise<R> => {
    try {
      return await call(await callsOf(owner));
    } catch (error) {
      if (!awsFailureOf(error).name.startsWith(CREDENTIALS_EXPIRED)) throw error;
      kept.delete(keyOf(owner));
      return await call(await callsOf(owner));
    }
  };
};

const keyOf = ({ ownerRoleArn, warehouseKeyArn = '' }: StatementOwner): string => `${ownerRoleArn} ${warehouseKeyArn}`;
