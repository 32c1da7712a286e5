import type { Clock, Timer } from '../common/clock.ts';
import { shuffled } from './draw.ts';

/** Lets something go on; resolves when it has arrived, and never rejects. */
export type Go = () => Promise<void>;

interface Held {
  readonly go: Go;
  /** How many others are to pass before it. */
  left: number;
}

export interface HoldingBayOptions {
  readonly clock: Clock;
  /** Matches that pass before one that is held. */
  readonly behind: number;
  /** How many are collected to be shuffled; takes the place of `behind`. */
  readonly window?: number | undefined;
  readonly holdMs: number;
  readonly seed: number;
  /** Of the fault. */
  readonly id: string;
}

const MS_UNTIL_RELEASED = 60_000;

export const holdingBay = (
  { behind = 1, window, holdMs = MS_UNTIL_RELEASED }: { behind?: number; window?: number; holdMs?: number },
  rest: Pick<HoldingBayOptions, 'clock' | 'seed' | 'id'>,
): HoldingBay => new HoldingBay({ behind, window, holdMs, ...rest });

/** Where a fault that reorders keeps what has to wait for others. */
export class HoldingBay {
  readonly #options: HoldingBayOptions;
  #held: Held[] = [];
  #timer: Timer | undefined;
  #windows = 0;
  /** What was let go before. */
  #going = Promise.resolve();

  constructor(options: HoldingBayOptions) {
    this.#options = options;
  }

  /** One that waits lets others pass; in a window all wait together. */
  get isFree(): boolean {
    return this.#options.window !== undefined || this.#held.length === 0;
  }

  hold(go: Go): void {
    const { window, behind, clock, holdMs } = this.#options;
    this.#held.push({ go, left: behind });
    if (this.#held.length === window) return this.release();
    this.#timer ??= clock.after(holdMs, () => this.release());
  }

  /** Another match has passed. */
  passed(): void {
    if (this.#options.window !== undefined) return;
    for (const held of this.#held) held.left -= 1;
    if (this.#held.some(({ left }) => left <= 0)) this.release();
  }

  /** Lets go on what is held, one after the other, each when the one before it has arrived. */
  release(): void {
    const held = this.#held.splice(0);
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#going = this.#going.then(() => arrive(this.#inOrder(held)));
  }

  #inOrder(held: readonly Held[]): readonly Held[] {
    const { window, seed, id } = this.#options;
    if (window === undefined) return held;
    this.#windows += 1;
    return shuffled(held, seed, `${id}/window-${this.#windows}`);
  }
}

const arrive = async (held: readonly Held[]): Promise<void> => {
  for (const { go } of held) await go();
};
