import type { TrackingItem } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import type { Statement } from '../account/redshift.ts';
import { tokenOf } from '../account/token-of.ts';
import type { Attempt } from '../account/workflows.ts';

/** The message of a bad end may fail for an hour, and is put back for a minute at most. */
const CANCELLED_WITHIN_MS = 2 * 3_600_000;

/** The sweep looks when a tenth of the age has passed, twice, and in the end every three hours (sweeps.ts). */
const SWEPT_WITHIN_MS = 8 * 3_600_000;

/** Invariant 5: a statement does not outlive for long the execution that has ended with it, or the task that has ended. */
export const checkOrphans = (account: Account): void => {
  for (const statement of account.redshift.statements) {
    const { id, endedAt = Number.POSITIVE_INFINITY } = statement;
    const find = (what: string) =>
      account.world.findings.add(5, `statement ${id} runs on, though its ${what} has ended`);
    if (endedAt - (orphanedAt(statement, account) ?? endedAt) > CANCELLED_WITHIN_MS) find('execution');
    if (endedAt - (forsakenAt(statement, account) ?? endedAt) > SWEPT_WITHIN_MS) find('task');
  }
};

/**
 * Since when it runs though the task or callback has ended that waited for it last, or, of a task without an attempt, though its
 * execution is over for good; undefined where it is to be left, or nobody can know.
 */
const forsakenAt = (
  { name, acceptedAt, endedAt }: Statement,
  { history, workflows, world }: Account,
): number | undefined => {
  const last = history.at(name, endedAt ?? Number.POSITIVE_INFINITY);
  const token = last && tokenOf(last);
  if (world.schedule.isSweepOff || token === undefined || last?.onTimeout === 'leave') return undefined;
  if ((endedAt ?? 0) >= (last?.expiresAt ?? 0) * 1000) return undefined;
  const attempt = workflows.attemptOf(token);
  const isAsked = last?.attempt !== undefined || last?.callback.type === 'durableFunction';
  const since = isAsked ? attempt?.end?.at : attempt?.execution.endedAt;
  return since && Math.max(since, acceptedAt);
};

/** When the completion queue was told that nobody waits for it; undefined where it was not, or could do nothing. */
const orphanedAt = ({ name, endedAt }: Statement, { history, workflows, queue }: Account): number | undefined => {
  const last = history.at(name, endedAt ?? Number.POSITIVE_INFINITY);
  if (last?.callback.type !== 'stepFunctions' || last.onTimeout === 'leave' || isShared(last)) return undefined;
  const attempt = workflows.attemptOf(last.callback.taskToken);
  const toldAt = attempt && toldOf(attempt, last);
  if (toldAt === undefined || queue.deadLetters.some((body) => body.includes(attempt?.execution.arn ?? '')))
    return undefined;
  return history.at(name, toldAt)?.statementId === undefined ? undefined : toldAt;
};

const isShared = ({ owner }: { readonly owner: string }): boolean => owner.startsWith('key-');

/** Without an attempt, what starts after the end by the invoker's clock is taken for a later run's, and left to the sweep. */
const toldOf = ({ execution, redriveCount }: Attempt, { attempt, startedAt }: TrackingItem): number | undefined => {
  const end = execution.badEnds[redriveCount];
  if (end === undefined || end.delays.length === 0) return undefined;
  return !attempt && startedAt > end.at ? undefined : end.at + Math.min(...end.delays) * 1000;
};
