import type { Caller } from '../../common/service.ts';
import { unknownStatement } from '../errors.ts';
import type { Input } from '../input.ts';
import { waitSecondsOf } from '../long-polling.ts';
import { ownerOf } from '../owner.ts';
import type { Statement } from '../statement.ts';
import type { SubStatement } from '../sub-statement.ts';
import { type Action, type ActionDeps, statementIdOf } from './action.ts';

export interface FoundStatement {
  /** As the caller gave it. */
  readonly id: string;
  readonly statement: Statement;
  /** The one of a batch that the id's suffix names, if it has one. */
  readonly sub?: SubStatement;
}

/** @throws AwsError `ResourceNotFoundException` when the caller has no such statement */
export const findStatement = (input: Input, caller: Caller, { store }: ActionDeps): FoundStatement => {
  const id = statementIdOf(input);
  const [statementId = '', suffix] = id.split(':');
  const statement = store.find(statementId, ownerOf(caller));
  if (suffix === undefined) return { id, statement };
  const sub = statement.subStatements[Number(suffix) - 1];
  if (!sub) throw unknownStatement(id);
  return { id, statement, sub };
};

/** The same, after the end of what `Id` names, or as long as `WaitTimeSeconds` lets wait for it. */
export const findAwaited = async (...[input, caller, deps, signal]: Parameters<Action>): Promise<FoundStatement> => {
  const seconds = waitSecondsOf(input);
  const found = findStatement(input, caller, deps);
  await deps.polling.whenEnded(found.sub ?? found.statement, seconds, signal);
  return found;
};
