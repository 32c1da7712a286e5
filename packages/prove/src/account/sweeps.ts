import type { TrackingItem } from '@sfn-redshift/shared';
import { type Cancel, START } from '../virtual-time.ts';
import type { Account } from './account.ts';
import { tokenOf } from './token-of.ts';

/** From run to run, as the construct sets it by default. */
export const MINUTE_MS = 60_000;
const LONGEST_MS = 180 * MINUTE_MS;

/**
 * The sweep's schedule: every minute, but less often the longer a schedule goes on, or days of it would take as many
 * thousand runs; a late run makes up for those before it. Except for clocks: no run is left out in which a statement has
 * run for too long, and of three that could send a heartbeat one is made. In pairs where the schedule says so. While
 * nothing is open no run is made: it would find nothing.
 */
export class Sweeps {
  /** The runs that met no fault, with all that they did. */
  readonly clean: { readonly from: number; readonly to: number }[] = [];
  readonly #account: Account;
  #nextAt = Number.POSITIVE_INFINITY;
  #takeBack: Cancel = () => {};

  constructor(account: Account) {
    this.#account = account;
  }

  start(): void {
    if (!this.#account.world.schedule.isSweepOff) this.#plan(MINUTE_MS);
  }

  /** A row was written: what has a clock is not left for long. */
  notice({ heartbeatSeconds, maxRuntimeSeconds }: TrackingItem): void {
    const { time, schedule } = this.#account.world;
    const hasClock = heartbeatSeconds !== undefined || maxRuntimeSeconds !== undefined;
    if (hasClock && !schedule.isSweepOff && this.#nextAt > time.now + MINUTE_MS) this.#plan(MINUTE_MS);
  }

  #plan(ms: number): void {
    const { time } = this.#account.world;
    this.#takeBack();
    this.#nextAt = time.now + ms;
    this.#takeBack = time.after(ms, () => this.#run());
  }

  #run(): void {
    const { table, functions, world } = this.#account;
    this.#nextAt = Number.POSITIVE_INFINITY;
    if (table.hasOpen) {
      world.trace.add('schedule', 'is time to sweep');
      void functions.sweep();
      if (world.schedule.overlappingSweeps) void functions.sweep();
    }
    if (table.size > 0 || world.time.isBusy) this.#plan(this.#intervalMs());
  }

  #intervalMs(): number {
    const { redshift, history, world } = this.#account;
    const { now } = world.time;
    const running = redshift.statements.filter(({ state }) => state === 'STARTED');
    const items = running.map(({ name }) => history.at(name, now)).filter((item) => item !== undefined);
    const clocks = items.flatMap((item) => this.#clocksOf(item));
    return Math.max(MINUTE_MS, Math.min(LONGEST_MS, (now - START) / 10, ...clocks));
  }

  /** In how many milliseconds the next run must be made on behalf of an item. */
  #clocksOf(item: TrackingItem): readonly number[] {
    const { status, startedAt, heartbeatSeconds, maxRuntimeSeconds } = item;
    const { workflows, world } = this.#account;
    if (status === 'closed') return [];
    const token = tokenOf(item);
    const waits = token !== undefined && !workflows.attemptOf(token)?.end;
    const sweepNow = world.time.now + world.schedule.skewMs.sweep;
    return [
      ...(heartbeatSeconds !== undefined && waits ? [(heartbeatSeconds * 1000) / 3] : []),
      ...(maxRuntimeSeconds === undefined ? [] : [startedAt + maxRuntimeSeconds * 1000 - sweepNow]),
    ];
  }
}
