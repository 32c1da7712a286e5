import { START, type VirtualTime } from './virtual-time.ts';

/** What happened in a schedule, in order, for people to read. */
export class Trace {
  readonly lines: string[] = [];
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  add(who: string, what: string): void {
    this.lines.push(`${elapsed(this.#time.now)}  ${who.padEnd(12)} ${what}`);
  }
}

const elapsed = (now: number): string => {
  const ms = now - START;
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60];
  return `${pad(hours, 3)}:${pad(minutes)}:${((ms % 60_000) / 1000).toFixed(3).padStart(6, '0')}`;
};

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
