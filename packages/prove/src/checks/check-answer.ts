import type { Account } from '../account/account.ts';
import type { RequestIdentity } from '../request-identity.ts';

/** Invariant 3: whoever asks is told about the statement of that very request, or one of its chain that it was given. */
export const checkAnswer = (answer: object, { chain }: RequestIdentity, { redshift, world }: Account): void => {
  const { statementId, sessionId } = answer as { statementId?: string; sessionId?: string };
  if (statementId === undefined) return;
  const statement = redshift.find(statementId);
  if (sessionId !== undefined && statement?.session?.id !== sessionId)
    world.findings.add(2, `an invoker answers with session ${sessionId}, in which the statement does not run`);
  if (statement?.request.chain === chain) return;
  world.findings.add(3, `an invoker answers with statement ${statementId}, which is not of its request`);
};
