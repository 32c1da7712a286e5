import type { Surroundings } from '../scenarios/sdk-world.ts';
import { FOR_EVER } from '../scenarios/world.ts';
import type { Timing } from './timing.ts';

const MINUTE_MS = 60_000;
const POLL_MS = 3_000;
/** The sweep comes every ten minutes; Lambda repeats an asynchronous invocation twice in three. */
const LONGEST_WAIT_MS = 30 * MINUTE_MS;

const DIGITS = Array.from({ length: 10 }, (_, digit) => `select ${digit}${digit === 0 ? ' as i' : ''}`).join(
  ' union all ',
);

/**
 * Compares 10^16 rows that it makes of ten: no table is needed, Redshift has no function that waits, and no cluster is so fast that it would
 * end within the day after which Redshift ends it.
 */
export const ENDLESS = `
  with digits as (${DIGITS}),
    many as (select a.i from digits a cross join digits b cross join digits c cross join digits d)
  select count(*) from many a cross join many b cross join many c cross join many d
  where a.i + b.i + c.i + d.i < 0`;

/** Time that passes as it does. */
export const realSurroundings = (
  outputs: Surroundings['outputs'],
  timing: Timing,
  signal: AbortSignal,
): Surroundings => ({
  outputs,
  until: async (find) => {
    for (const latest = timing.now() + LONGEST_WAIT_MS; ; ) {
      const found = await find();
      if (found !== undefined) return found;
      if (timing.now() > latest)
        throw new Error(`What is waited for has not come in ${LONGEST_WAIT_MS / MINUTE_MS} minutes.`);
      await timing.sleep(POLL_MS, signal);
    }
  },
  pass: (minutes) => timing.sleep(minutes * MINUTE_MS, signal),
  lasting: (minutes) => {
    if (minutes !== FOR_EVER) throw new Error(`A statement of ${minutes} minutes cannot be had in real time.`);
    return ENDLESS;
  },
});
