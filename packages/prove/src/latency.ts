/** How long something takes; milliseconds, up to `most`. */
export type Latency = (most: number) => number;

const ALWAYS_MS = 5;

/** @param seed 0: always the same time. Else a sequence of its own (xorshift: shortest known that is even enough) */
export const latencyOf = (seed: number): Latency => {
  if (seed === 0) return () => ALWAYS_MS;
  let state = seed | 0 || 1;
  return (most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return 1 + ((state >>> 0) % most);
  };
};
