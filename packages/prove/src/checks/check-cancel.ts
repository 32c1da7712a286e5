import { decodeStatementName, type TrackingItem } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { PREFIX } from '../account/prefix.ts';
import type { Statement } from '../account/redshift.ts';
import { tokenOf } from '../account/token-of.ts';
import type { Sandbox } from '../sandbox.ts';
import { hasOverrun } from './overrun.ts';

/** Invariant 5: what is cancelled is an orphan, and not one that the user wants to run on; or it has run for too long. */
export const checkCancel = (statementId: unknown, sandbox: Sandbox, account: Account): void => {
  const { redshift, table, workflows, world } = account;
  const statement = redshift.find(statementId);
  if (statement?.state !== 'STARTED') return;
  const key = decodeStatementName(PREFIX, statement.name);
  const item = key && table.find(key);
  if (!item) return;
  const find = (what: string) => world.findings.add(5, `${sandbox.name} cancels a statement ${what}`);
  if (hasOverrun(item, world)) return noteOverrun(statement, item, account);
  const token = tokenOf(item);
  if (token === undefined) return find('for which no task ever waited');
  const attempt = workflows.attemptOf(token);
  if (attempt && !attempt.end && !wasGivenUp(item, account)) find(`for which task ${attempt.index} waits`);
  // A retry that is to restart has it cancelled; if it dies over that, others go on with it.
  const { chain } = statement.request;
  const isRestarted = workflows.attempts.some(
    ({ request, task }) => request.chain === chain && task.onRetry === 'restart',
  );
  if (item.onTimeout === 'leave' && !isRestarted) find('that was to be left');
};

/** A key stands for its statement, whatever becomes of that: it may be taken over when its cancel has been decided already. */
const wasGivenUp = ({ owner, statementName, generation }: TrackingItem, { history }: Account): boolean =>
  owner.startsWith('key-') &&
  history.of(statementName).some(({ item }) => item.status === 'cancelling' && item.generation < generation);

/** Who waits for it now is to be told why. */
const noteOverrun = ({ id }: Statement, item: TrackingItem, { workflows, overran }: Account): void => {
  const attempt = workflows.attemptOf(tokenOf(item));
  if (attempt && !attempt.end) overran.set(id, attempt.token);
};
