import type { Account } from '../account/account.ts';
import type { Statement } from '../account/redshift.ts';
import type { Attempt } from '../account/workflows.ts';

/** The message of a bad end may fail for an hour, and is put back for a minute at most. */
const CANCELLED_WITHIN_MS = 2 * 3_600_000;

/** Invariant 5: a statement does not outlive for long the execution that has ended with it. */
export const checkOrphans = (account: Account): void => {
  for (const statement of account.redshift.statements) {
    const toldAt = orphanedAt(statement, account);
    const { endedAt = Number.POSITIVE_INFINITY } = statement;
    if (toldAt === undefined || endedAt - toldAt <= CANCELLED_WITHIN_MS) continue;
    account.world.findings.add(5, `statement ${statement.id} runs on, though its execution has ended`);
  }
};

/** When the completion queue was told that nobody waits for it; undefined where it was not, or could do nothing. */
const orphanedAt = ({ name, endedAt }: Statement, { history, workflows, queue }: Account): number | undefined => {
  const last = history.at(name, endedAt ?? Number.POSITIVE_INFINITY);
  if (last?.callback.type !== 'stepFunctions' || last.onTimeout === 'leave' || isShared(last)) return undefined;
  const attempt = workflows.attemptOf(last.callback.taskToken);
  const toldAt = attempt && toldOf(attempt);
  if (toldAt === undefined || queue.deadLetters.some((body) => body.includes(attempt?.execution.arn ?? '')))
    return undefined;
  return history.at(name, toldAt)?.statementId === undefined ? undefined : toldAt;
};

const isShared = ({ owner }: { readonly owner: string }): boolean => owner.startsWith('key-');

const toldOf = ({ execution, redriveCount }: Attempt): number | undefined => {
  const end = execution.badEnds[redriveCount];
  return end === undefined || end.delays.length === 0 ? undefined : end.at + Math.min(...end.delays) * 1000;
};
