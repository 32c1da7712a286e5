import { noResult, onlySubResults } from '../errors.ts';
import type { ResultSet } from '../results/outcome.ts';
import type { Action } from './action.ts';
import { type FoundStatement, findAwaited } from './find-statement.ts';

export interface FoundResult extends FoundStatement {
  readonly resultSet: ResultSet;
}

/**
 * The result set that `Id` names, for both operations that fetch one; waits for it as long as `WaitTimeSeconds` says.
 *
 * @throws AwsError `ResourceNotFoundException` when there is none, or none yet; `ValidationException` for a batch as a whole
 */
export const findResult = async (...call: Parameters<Action>): Promise<FoundResult> => {
  const found = await findAwaited(...call);
  const { id, statement, sub } = found;
  if (statement.isBatch && !sub) throw onlySubResults();
  const resultSet = (sub ?? statement).outcome?.resultSet;
  if (!resultSet) throw noResult(id);
  return { ...found, resultSet };
};
