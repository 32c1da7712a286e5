/** A look at a number; twice a second costs nothing that can be measured. */
const INTERVAL_MS = 500;

/**
 * Calls `onDeath` once when the process that started this one has ended, in whatever way: its orphans get another parent. The end of standard
 * input does not tell, since it is often closed or a terminal from the start.
 */
export const watchParent = (onDeath: () => void): { stop(): void } => {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onDeath();
  }, INTERVAL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};
