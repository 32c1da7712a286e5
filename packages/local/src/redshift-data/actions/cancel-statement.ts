import { alreadyEnded } from '../errors.ts';
import { ownerOf } from '../owner.ts';
import { type Action, statementIdOf } from './action.ts';

/** Answers when the end has been asked for, not when it has come: the statement's status tells of that. */
export const cancelStatement: Action = (input, caller, { store, runner }) => {
  const id = statementIdOf(input);
  const statement = store.find(id, ownerOf(caller));
  if (statement.hasEnded) throw alreadyEnded(statement.status, id);
  runner.cancel(statement);
  return { Status: true };
};
