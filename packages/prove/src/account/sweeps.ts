import { START } from '../virtual-time.ts';
import type { Account } from './account.ts';

const MINUTE_MS = 60_000;
const LONGEST_MS = 180 * MINUTE_MS;

/**
 * The sweep's schedule: every minute, but less often the longer a schedule goes on, or days of it would take as many
 * thousand runs; a late run makes up for those before it. In pairs where the schedule says so. While nothing is open no
 * run is made: it would find nothing.
 */
export const startSweeps = (account: Account): void => {
  const { time, schedule, trace } = account.world;
  const sweep = () => {
    if (account.table.hasOpen) {
      trace.add('schedule', 'is time to sweep');
      void account.functions.sweep();
      if (schedule.overlappingSweeps) void account.functions.sweep();
    }
    const elapsed = time.now - START;
    if (account.table.size > 0 || time.isBusy)
      time.after(Math.min(LONGEST_MS, Math.max(MINUTE_MS, elapsed / 10)), sweep);
  };
  if (!schedule.isSweepOff) time.after(MINUTE_MS, sweep);
};
