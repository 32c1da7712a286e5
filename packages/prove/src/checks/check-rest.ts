import { clientTokenOf, decodeStatementName } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import { PREFIX } from '../account/prefix.ts';
import { QUEUE } from '../account/queue.ts';
import type { Statement } from '../account/redshift.ts';
import { keyText } from './check-write.ts';

/** As long as a message may be retried before it is worn out: 20 receives, three minutes apart. */
const RETRIED_FOR_MS = 3_600_000;

/** What must hold when nothing is left to happen: invariants 1, 3, 4 and 6. */
export const checkRest = (account: Account): void => {
  checkLost(account);
  checkRefused(account);
  checkDoubled(account);
  const { world, queue, table } = account;
  if (table.items.length > 0) world.findings.add(6, `${table.items.length} rows never expire`);
  for (const body of queue.deadLetters) checkDeadLetter(body, account);
};

/** Invariant 1. A lost event is the sweep's business, and there is none yet. */
const checkLost = ({ workflows, redshift, expiries, world }: Account): void => {
  for (const { token, index, end } of workflows.attempts) {
    if (end) continue;
    const ended = redshift.statements.filter(({ request, endedAt }) => request.identity === token && endedAt);
    for (const statement of ended) {
      if (isHeard(statement, expiries)) {
        world.findings.add(
          1,
          `task ${index} waits for ever; its statement ended ${statement.state}, and the event came`,
        );
      }
    }
  }
};

/** Its event came while its row was there, with time to repeat what failed. */
const isHeard = ({ name, life, endedAt }: Statement, expiries: Account['expiries']): boolean => {
  const key = decodeStatementName(PREFIX, name);
  const expiresAt = (key && expiries.get(keyText(key))) ?? 0;
  return life.deliveries.some((seconds) => (endedAt ?? 0) + seconds * 1000 + RETRIED_FOR_MS < expiresAt * 1000);
};

/** Invariant 3: one request, one statement. */
const checkDoubled = ({ redshift, world }: Account): void => {
  const seen = new Map<string, Statement>();
  for (const statement of redshift.statements) {
    const { identity, index } = statement.request;
    const first = seen.get(identity);
    if (first) {
      const under = first.clientToken === statement.clientToken ? 'one ClientToken' : 'two ClientTokens';
      world.findings.add(3, `one request of task ${index} started two statements, under ${under}`);
    }
    seen.set(identity, statement);
  }
};

/** A message may wear out by faults alone, if there are enough: each receive that fails needs one (check-batch.ts). */
const checkDeadLetter = (body: string, { world }: Account): void => {
  const faults = world.schedule.faults.reduce((sum, { times }) => sum + times, 0);
  if (faults < QUEUE.maxReceiveCount) world.findings.add(4, `a message is dead after ${faults} faults: ${body}`);
};

/** Invariant 1: only a claim whose statement never ran may say so. */
const checkRefused = ({ refused, redshift, world }: Account): void => {
  for (const item of refused) {
    const ran = redshift.statements.some(({ clientToken }) => clientToken === clientTokenOf(item));
    if (ran) world.findings.add(1, `a claim closed as refused, but its statement ran: ${item.statementName}`);
  }
};
