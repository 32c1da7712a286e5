import { clientTokenOf } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { MAX_RECEIVE_COUNT } from '../account/queue.ts';
import type { Statement } from '../account/redshift.ts';
import { unitOf } from '../request-identity.ts';
import { checkClocks } from './check-clocks.ts';
import { checkOrphans } from './check-orphans.ts';
import { wasStranded } from './was-stranded.ts';

/** A sweep is due every minute, later each tenth of the time that has passed, in the end every three hours (sweeps.ts). */
const SWEPT_WITHIN_MS = 8 * 3_600_000;

/** Claims that nobody will execute any more are given up when they are this old, and somewhat later swept. */
const GIVEN_UP_AFTER_MS = 8 * 3_600_000;

/** What must hold when nothing is left to happen: invariants 1 and 3 to 6. */
export const checkRest = (account: Account): void => {
  if (!account.world.schedule.isSweepOff) checkLost(account);
  checkRefused(account);
  checkDoubled(account);
  checkOrphans(account);
  if (!account.world.schedule.isSweepOff) checkClocks(account);
  const { world, queue, table } = account;
  if (table.size > 0) world.findings.add(6, `${table.size} rows never expire`);
  for (const body of queue.deadLetters) checkDeadLetter(body, account);
};

/** Invariant 1: whatever was lost, a task whose request was claimed is told in the end, as long as its row is kept. */
const checkLost = (account: Account): void => {
  const { workflows, redshift, claims, world } = account;
  for (const { token, index, end } of workflows.attempts) {
    const claim = claims.get(token);
    // Who invokes the invoker asynchronously is not told of a refusal; its dead-letter queue is.
    if (end || !claim || claim.outcome === 'REFUSED') continue;
    const statements = redshift.statements.filter(({ name }) => name === claim.statementName);
    const settledAt = statements.length > 0 ? endOf(statements) : claim.startedAt + GIVEN_UP_AFTER_MS;
    if (settledAt === undefined || settledAt + SWEPT_WITHIN_MS > claim.expiresAt * 1000) continue;
    const reason = statements.map(({ state }) => `its statement ended ${state}`).join(', ');
    const what = `task ${index} waits for ever: ${reason || 'nobody starts its statement'}`;
    world.findings.add(1, what);
    if (wasStranded(claim, settledAt, account)) world.findings.add(7, what);
  }
};

/** When all had ended; undefined while one has not. */
const endOf = (statements: readonly Statement[]): number | undefined =>
  statements.every(({ endedAt }) => endedAt !== undefined)
    ? Math.max(...statements.map(({ endedAt = 0 }) => endedAt))
    : undefined;

/** Invariant 3: one request, or one idempotency key, one statement, as long as its row is kept. */
const checkDoubled = ({ redshift, history, world }: Account): void => {
  const seen = new Map<string, Statement>();
  for (const statement of redshift.statements) {
    const { index } = statement.request;
    const unit = unitOf(statement.request);
    const first = seen.get(unit);
    seen.set(unit, statement);
    if (!first || history.hasExpired(first.name, first.acceptedAt, statement.acceptedAt)) continue;
    const under = first.clientToken === statement.clientToken ? 'one ClientToken' : 'two ClientTokens';
    world.findings.add(3, `one request of task ${index} started two statements, under ${under}`);
  }
};

/** A message may wear out by faults alone, if there are enough: each receive that fails needs one (check-batch.ts). */
const checkDeadLetter = (body: string, { world }: Account): void => {
  const faults = world.schedule.faults.reduce((sum, { times }) => sum + times, 0);
  if (faults < MAX_RECEIVE_COUNT) world.findings.add(4, `a message is dead after ${faults} faults: ${body}`);
};

/** Invariant 1: only a claim whose statement never ran may say so. */
const checkRefused = ({ refused, redshift, world }: Account): void => {
  for (const item of refused) {
    const ran = redshift.statements.some(({ clientToken }) => clientToken === clientTokenOf(item));
    if (ran) world.findings.add(1, `a claim closed as refused, but its statement ran: ${item.statementName}`);
  }
};
