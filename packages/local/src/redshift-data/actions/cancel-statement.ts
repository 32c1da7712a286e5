import { alreadyEnded, notSupported } from '../errors.ts';
import type { Action } from './action.ts';
import { findStatement } from './find-statement.ts';

/** Answers when the end has been asked for, not when it has come: the statement's status tells of that. */
export const cancelStatement: Action = (input, caller, deps) => {
  const { id, statement, sub } = findStatement(input, caller, deps);
  // AWS does not say whether it would end that one, the batch, or nothing.
  if (sub) throw notSupported('Cancelling one statement of a batch');
  if (statement.hasEnded) throw alreadyEnded(statement.status, id);
  deps.runner.cancel(statement);
  return { Status: true };
};
