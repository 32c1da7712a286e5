import type { TrackingItem } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { mayBeUnknown } from './may-be-unknown.ts';

const DAY_SECONDS = 86_400;

/** Invariants 2 and 6 of every row, as soon as it is written: a close says what happened, and every row expires in time. */
export const checkWrite = (item: TrackingItem, account: Account): void => {
  const { world, claims, refused } = account;
  if (item.outcome === 'REFUSED') refused.push(item);
  if (item.callback.type === 'stepFunctions') claims.set(item.callback.taskToken, item);
  const latest = Math.ceil(item.startedAt / 1000) + world.schedule.retentionDays * DAY_SECONDS;
  if (item.expiresAt > latest) world.findings.add(6, `a row is kept too long: ${JSON.stringify(item)}`);
  const problem = item.status === 'closed' ? closedWrongly(item, account) : undefined;
  if (problem) world.findings.add(2, `an item closes as ${item.outcome}, but ${problem}`);
};

const closedWrongly = (item: TrackingItem, account: Account): string | undefined => {
  const { redshift, workflows } = account;
  if (item.outcome === 'REFUSED') return undefined;
  if (item.outcome === 'UNKNOWN') return mayBeUnknown(item.statementName, account) ? undefined : 'its end can be known';
  const statement = redshift.find(item.statementId);
  if (statement?.name !== item.statementName) return 'its statement is another';
  if (statement.state !== item.outcome) return `its statement is ${statement.state}`;
  if (!item.delivered || item.callback.type !== 'stepFunctions') return undefined;
  return workflows.attemptOf(item.callback.taskToken)?.end?.by === 'told' ? undefined : 'nobody was told';
};
