import type { Account } from '../account/account.ts';
import type { RequestIdentity } from '../sandbox.ts';

/** Invariant 3: whoever asks is told about the statement of that very request. */
export const checkAnswer = (answer: object, { identity }: RequestIdentity, { redshift, world }: Account): void => {
  const { statementId } = answer as { statementId?: string };
  if (statementId === undefined) return;
  const statement = redshift.find(statementId);
  if (statement?.request.identity === identity) return;
  world.findings.add(3, `an invoker answers with statement ${statementId}, which is not of its request`);
};
