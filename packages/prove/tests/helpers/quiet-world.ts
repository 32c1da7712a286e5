import type { Schedule, TaskPlan } from '../../src/schedule.ts';
import type { VirtualTime } from '../../src/virtual-time.ts';
import { type World, worldOf } from '../../src/world.ts';

/** A world in which nothing goes wrong. */
export const quietWorld = (tasks: readonly TaskPlan[] = []): World => {
  const schedule: Schedule = {
    tasks,
    faults: [],
    messages: [],
    skewMs: { invoker: 0, drain: 0, sweep: 0 },
    latencySeed: 0,
    overlappingSweeps: false,
    isSweepOff: true,
    retentionDays: 7,
    updates: [],
    ttlLagHours: 0,
    indexLagMs: 0,
  };
  return worldOf(schedule);
};

/** A state that waits for its task, with an attempt, and does nothing more. */
export const PLAIN_TASK: TaskPlan = {
  mode: 'attempt',
  sibling: false,
  sharesKey: false,
  sharesLock: false,
  onRetry: 'adopt',
  onTimeout: 'cancel',
  startMs: 0,
  invocation: 'sync',
  repeats: [],
  timeoutSeconds: null,
  heartbeatSeconds: null,
  maxRuntimeSeconds: null,
  stopAfterSeconds: null,
  retries: 0,
  retryAfterSeconds: 0,
  redriveAfterSeconds: null,
  executionEvents: [],
  tokenKnownAfterMs: 0,
  refusals: 0,
  lives: [],
};

export const pass = (time: VirtualTime, ms: number): Promise<void> =>
  new Promise((resolve) => void time.after(ms, resolve));

/** Does the work on virtual time, which passes when that waits, and then lets come what is left. */
export const onQuietTime = async <T>(time: VirtualTime, work: () => Promise<T>): Promise<T> => {
  const { promise: worked, resolve, reject } = Promise.withResolvers<T>();
  time.after(0, () => void work().then(resolve, reject));
  const [result] = await Promise.all([worked, time.runOut()]);
  return result;
};
