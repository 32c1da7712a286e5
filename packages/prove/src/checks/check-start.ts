import type { Account } from '../account/account.ts';
import type { Statement } from '../account/redshift.ts';
import { tokenOf } from '../account/token-of.ts';
import { wasStranded } from './was-stranded.ts';

/** Invariant 3: a retry starts nothing while a statement of its task runs, or has finished without anybody being told. */
export const checkStart = (started: Statement, account: Account): void => {
  checkLock(started, account);
  const { chain, rank, task, index } = started.request;
  if (task.mode !== 'attempt' || task.sibling || task.sharesKey) return;
  for (const earlier of account.redshift.statements) {
    const { request } = earlier;
    if (request.chain !== chain || request.rank >= rank) continue;
    if (isLate(earlier, account) || isUnproven(earlier, account)) continue;
    const problem = problemOf(earlier, account);
    if (!problem) continue;
    const what = `a retry of task ${index} starts a statement, though one ${problem}`;
    account.world.findings.add(3, what);
    const claim = account.history.of(earlier.name)[0]?.item;
    if (claim && wasStranded(claim, started.acceptedAt, account)) account.world.findings.add(7, what);
  }
};

/** Of the statements that ask for one lock, one runs at a time, as long as the rows are kept. */
const checkLock = (started: Statement, { redshift, history, world }: Account): void => {
  if (!started.request.task.sharesLock) return;
  for (const other of redshift.statements) {
    const holds = other !== started && other.state === 'STARTED' && other.request.task.sharesLock;
    if (!holds || history.hasExpired(other.name, other.acceptedAt, world.time.now)) continue;
    world.findings.add(
      3,
      `two statements run under one lock: of tasks ${other.request.index} and ${started.request.index}`,
    );
  }
};

const problemOf = (earlier: Statement, account: Account): string | undefined => {
  if (earlier.state === 'STARTED') return 'of an earlier attempt runs';
  const restarts = earlier.request.task.onRetry === 'restart';
  const known = account.history.of(earlier.name).at(-1)?.item.outcome !== 'UNKNOWN';
  const isOver = restarts || account.failed.has(earlier.id);
  return earlier.state === 'FINISHED' && !isOver && known ? 'of an earlier attempt has finished' : undefined;
};

/** Its task ended before Step Functions knew the token: as long it could not be proven that it is gone. */
const isUnproven = ({ name }: Statement, { history, workflows }: Account): boolean => {
  const item = history.of(name).at(-1)?.item;
  const attempt = item && workflows.attemptOf(tokenOf(item));
  return attempt?.end !== undefined && attempt.end.at < attempt.issuedAt + attempt.task.tokenKnownAfterMs;
};

/** Its claim was written when its own task had ended already: the retry may have looked before. */
const isLate = ({ name, acceptedAt, request }: Statement, { history, workflows }: Account): boolean => {
  const { generation = 0, startGeneration = generation } = history.at(name, acceptedAt) ?? {};
  const claimed = history.of(name).find(({ item }) => item.generation === startGeneration);
  const end = workflows.attemptOf(request.identity)?.end;
  return !claimed || (end !== undefined && end.at <= claimed.at);
};
