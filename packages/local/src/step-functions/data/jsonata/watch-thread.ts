import type { ExpressionThread } from './expression-thread.ts';

/** Computing time that an expression may take, in milliseconds; on AWS it is the time that goes by. */
const LIMIT_MS = 1000;
/** Of time that goes by: an end for what gets little computing time on a machine that has too much to do. */
const LONGEST_MS = 5000;
/** Most expressions take less than one millisecond of computing time. */
const SLOW_MS = 50;

/** Memory that an expression may use, in bytes: it works on some payloads of 256 KiB, and on 10 MiB of variables. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What is wrong with an expression at work. */
export type Finding = 'slow' | 'endless' | 'greedy';

/**
 * Looks, time and again, at what a thread has used for one expression.
 *
 * @param found told each time of an expression that is slow, takes too long or too much, and of its place in the batch
 * @returns what ends the watch
 */
export const watchThread = (thread: ExpressionThread, found: (finding: Finding, at: number) => void): (() => void) => {
  let timer: NodeJS.Timeout;
  let isOver = false;
  let seen = { at: thread.at, since: performance.now() };
  const look = async () => {
    const { at } = thread;
    if (at !== seen.at) seen = { at, since: performance.now() };
    const goneMs = performance.now() - seen.since;
    // Before 24.6 Node does not tell what a thread has used: then all the time that has gone by counts.
    const usedMs = at === undefined ? 0 : await thread.usedMs().catch(() => goneMs);
    const usedBytes = at === undefined ? 0 : await thread.usedBytes().catch(() => 0);
    if (isOver) return;
    const finding = usedBytes > MOST_BYTES ? 'greedy' : paceOf(usedMs, goneMs);
    if (finding !== undefined && at !== undefined && thread.at === at) found(finding, at);
    arm();
  };
  const arm = () => {
    if (isOver) return;
    timer = setTimeout(() => void look(), SLOW_MS).unref();
  };
  arm();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
};

const paceOf = (usedMs: number, goneMs: number): Finding | undefined => {
  if (usedMs < SLOW_MS) return undefined;
  return usedMs >= LIMIT_MS || goneMs >= LONGEST_MS ? 'endless' : 'slow';
};
