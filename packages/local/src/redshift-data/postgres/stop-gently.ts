import type { Clock } from '../../common/clock.ts';
import type { Backend } from './backend.ts';

/** Waited after each request to cancel; then the back end is ended. */
const WAITS_MS = [50, 100, 200, 400, 800, 1600];

/**
 * Ends what a back end does and leaves the back end, if it can. One request is not enough: it does nothing when it comes
 * before the query, and SQL can catch it.
 *
 * @param isOver aborted when nothing runs any more
 */
export const stopGently = async (backend: Backend, pid: number, isOver: AbortSignal, clock: Clock): Promise<void> => {
  for (const wait of WAITS_MS) {
    if (isOver.aborted) return;
    await backend.cancel(pid);
    await clock.sleep(wait, isOver).catch(() => undefined);
  }
  if (!isOver.aborted) await backend.terminate(pid);
};
