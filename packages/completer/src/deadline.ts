import { TimeUp } from './errors.ts';

/** The moment when an invocation must come to its end; `clear` when it has. */
export interface Deadline {
  /** Rejects with TimeUp. */
  readonly reached: Promise<never>;
  readonly clear: () => void;
}

export const startDeadline = (milliseconds: number): Deadline => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimeUp('the invocation is about to end')), milliseconds);
  // With nothing to do nobody waits for it.
  promise.catch(() => undefined);
  return { reached: promise, clear: () => clearTimeout(timer) };
};
