import type { Caller } from '../../common/service.ts';
import { noResult } from '../errors.ts';
import type { Input } from '../input.ts';
import { waitSecondsOf } from '../long-polling.ts';
import { ownerOf } from '../owner.ts';
import type { ResultSet } from '../results/outcome.ts';
import type { Statement } from '../statement.ts';
import { type ActionDeps, statementIdOf } from './action.ts';

export interface FoundResult {
  /** As the caller gave it. */
  readonly id: string;
  readonly statement: Statement;
  readonly resultSet: ResultSet;
}

/**
 * The result set that `Id` names, for both operations that fetch one; waits for it as long as `WaitTimeSeconds` says.
 *
 * @throws AwsError `ResourceNotFoundException` when there is none, or none yet
 */
export const findResult = async (input: Input, caller: Caller, deps: ActionDeps): Promise<FoundResult> => {
  const { store, polling } = deps;
  const id = statementIdOf(input);
  const seconds = waitSecondsOf(input);
  const statement = store.find(id, ownerOf(caller));
  await polling.whenEnded(statement, seconds);
  const resultSet = statement.outcome?.resultSet;
  if (!resultSet) throw noResult(id);
  return { id, statement, resultSet };
};
