import { decodeStatementName } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { PREFIX } from '../account/prefix.ts';
import type { Sandbox } from '../sandbox.ts';

/** Invariant 5: what is cancelled is an orphan, and not one that the user wants to run on. */
export const checkCancel = (statementId: unknown, sandbox: Sandbox, account: Account): void => {
  const { redshift, table, workflows, world } = account;
  const statement = redshift.find(statementId);
  if (statement?.state !== 'STARTED') return;
  const key = decodeStatementName(PREFIX, statement.name);
  const item = key && table.find(key);
  if (!item) return;
  const find = (what: string) => world.findings.add(5, `${sandbox.name} cancels a statement ${what}`);
  if (item.callback.type !== 'stepFunctions') return find('for which no task ever waited');
  const attempt = workflows.attemptOf(item.callback.taskToken);
  if (attempt && !attempt.end) find(`for which task ${attempt.index} waits`);
  // A retry that is to restart has it cancelled; if it dies over that, others go on with it.
  const { chain } = statement.request;
  const isRestarted = workflows.attempts.some(
    ({ request, task }) => request.chain === chain && task.onRetry === 'restart',
  );
  if (item.onTimeout === 'leave' && !isRestarted) find('that was to be left');
};
