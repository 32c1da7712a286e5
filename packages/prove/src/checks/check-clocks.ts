import type { TrackingItem } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import type { Statement } from '../account/redshift.ts';
import { tokenOf } from '../account/token-of.ts';
import type { Attempt } from '../account/workflows.ts';
import { overrunAt } from './overrun.ts';

/** Two runs of the sweep, and how long one may take. */
const OVERRUN_MS = 3 * 60_000;

/** With faults: as what else the sweep cancels. */
const OVERRUN_WITH_FAULTS_MS = 8 * 3_600_000;

/** An end as young is left to its event; with how far clocks differ. */
const EVENT_UNDERWAY_MS = 15_000 + 2_000;

/** What must hold of the clocks that requests have set, when nothing is left to happen. */
export const checkClocks = (account: Account): void => {
  const { workflows, redshift } = account;
  for (const attempt of workflows.attempts) if (attempt.end?.by === 'heartbeat') checkHeartbeat(attempt, account);
  for (const statement of redshift.statements) checkOverrun(statement, account);
};

/** Invariant 1: no run of the sweep passes a state by that has asked for heartbeats, while its statement runs or has ended unheard. */
const checkHeartbeat = (attempt: Attempt, account: Account): void => {
  const { index, end, beatAt } = attempt;
  const passedBy = account.sweeps.clean.find(
    ({ from, to }) => from > beatAt && to < (end?.at ?? 0) && isToHear(attempt, from, to, account),
  );
  if (passedBy) account.world.findings.add(1, `task ${index} dies of its heartbeat, which the sweep could have sent`);
};

const isToHear = ({ token }: Attempt, from: number, to: number, account: Account): boolean => {
  const { claims, history, redshift, world } = account;
  const name = claims.get(token)?.statementName ?? '';
  const since = from - world.schedule.indexLagMs - 1;
  const written = history.of(name).filter(({ at }) => at > since && at <= to);
  const items = [history.at(name, since), ...written.map(({ item }) => item)];
  const [first] = items;
  if (!first || first.expiresAt * 1000 <= to || !items.every((item) => item && isWatchedFor(token, item))) return false;
  const { endedAt = Number.POSITIVE_INFINITY } = redshift.find(first.statementId) ?? { endedAt: from };
  return endedAt > to || endedAt + EVENT_UNDERWAY_MS < from;
};

const isWatchedFor = (token: string, item: TrackingItem): boolean =>
  tokenOf(item) === token && item.status !== 'closed' && item.statementId !== undefined;

/** Invariant 5: a statement does not run for long on beyond its maxRuntimeSeconds. */
const checkOverrun = ({ id, name, endedAt = Number.POSITIVE_INFINITY }: Statement, account: Account): void => {
  const { history, world } = account;
  const last = history.at(name, endedAt);
  const dueAt = last && overrunAt(last, world);
  if (dueAt === undefined || last?.status === 'closed') return;
  const known = history.of(name).find(({ item }) => item.statementId && item.generation === last?.generation);
  const since = Math.max(dueAt, known?.at ?? Number.POSITIVE_INFINITY);
  const isFaulty = world.schedule.faults.some(({ place }) => place.startsWith('sweep.'));
  const within = isFaulty ? OVERRUN_WITH_FAULTS_MS : OVERRUN_MS;
  if (endedAt - since <= within || since + within >= (last?.expiresAt ?? 0) * 1000) return;
  world.findings.add(5, `statement ${id} runs on, though it has run for longer than maxRuntimeSeconds`);
};
