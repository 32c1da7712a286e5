import type { TrackingItem } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { tokenOf } from '../account/token-of.ts';
import { mayBeUnknown } from './may-be-unknown.ts';

const DAY_MS = 86_400_000;

/** Invariants of every row, as soon as it is written: `before` is what stood there, undefined where nothing did. */
export const checkWrite = (item: TrackingItem, before: TrackingItem | undefined, account: Account): void => {
  const { world, claims, refused } = account;
  if (item.outcome === 'REFUSED') refused.push(item);
  const token = tokenOf(item);
  if (token !== undefined) claims.set(token, item);
  checkExpiry(item, before, account);
  checkTaken(item, before, account);
  const problem = item.status === 'closed' ? closedWrongly(item, account) : undefined;
  if (problem) world.findings.add(2, `an item closes as ${item.outcome}, but ${problem}`);
};

/** Invariant 6: a row expires in time, and nobody but a new request prolongs its life. */
const checkExpiry = (item: TrackingItem, before: TrackingItem | undefined, { world }: Account): void => {
  const { time, schedule, deployments, findings } = world;
  const keptMs = deployments.longestRetentionDays * DAY_MS;
  const latest = Math.ceil((time.now + schedule.skewMs.invoker + keptMs) / 1000);
  const prolonged = before && item.generation === before.generation && item.expiresAt !== before.expiresAt;
  if (item.expiresAt > latest || prolonged) findings.add(6, `a row is kept too long: ${JSON.stringify(item)}`);
};

/** Invariant 1: who takes a statement over takes it from nobody who waits for it. */
const checkTaken = (item: TrackingItem, before: TrackingItem | undefined, account: Account): void => {
  const token = before && tokenOf(before);
  if (token === undefined || before?.outcome !== undefined || tokenOf(item) === token) return;
  const robbed = account.workflows.attemptOf(token);
  if (robbed && !robbed.end) account.world.findings.add(1, `task ${robbed.index} waits, but its row is another's now`);
};

const closedWrongly = (item: TrackingItem, account: Account): string | undefined => {
  const { redshift, workflows } = account;
  if (item.outcome === 'REFUSED') return undefined;
  if (item.adopts) return redshift.statements.some(({ name }) => name === item.statementName) ? 'it ran' : undefined;
  if (item.outcome === 'UNKNOWN') return mayBeUnknown(item.statementName, account) ? undefined : 'its end can be known';
  const statement = redshift.find(item.statementId);
  if (statement?.name !== item.statementName) return 'its statement is another';
  if (statement.state !== item.outcome) return `its statement is ${statement.state}`;
  const token = tokenOf(item);
  if (!item.delivered || token === undefined) return undefined;
  return workflows.attemptOf(token)?.end?.by === 'told' ? undefined : 'nobody was told';
};
