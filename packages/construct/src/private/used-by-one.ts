import type { Construct, IConstruct } from 'constructs';
import { refuse } from './validation';

/** Which tasker, by path, works with a table or a queue. */
const USERS = new WeakMap<IConstruct, string>();

/**
 * Takes for a tasker what two cannot share: each would look at the other's rows without the right to, and acknowledge the
 * other's events.
 *
 * @throws Error when another one has it
 */
export const useAlone = (scope: Construct, property: string, supplied: IConstruct | undefined): void => {
  if (!supplied) return;
  const user = USERS.get(supplied);
  if (user !== undefined) refuse(property, `must serve one tasker only, and serves ${user}`, supplied.node.path);
  USERS.set(supplied, scope.node.path);
};
