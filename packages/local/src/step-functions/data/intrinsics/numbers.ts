import { randomInt, randomUUID } from 'node:crypto';
import { failure, type Intrinsic, numberIn } from './intrinsic.ts';

const add: Intrinsic = {
  takes: [2, 2],
  call: (left, right) => numberIn('States.MathAdd', left) + numberIn('States.MathAdd', right),
};

/** From the first number to the one before the second; the same seed has the same number. */
const random: Intrinsic = {
  takes: [2, 3],
  call: (from, to, seed) => {
    const first = numberIn('States.MathRandom', from);
    const end = numberIn('States.MathRandom', to);
    if (first >= end) throw failure('States.MathRandom takes a second number that is larger than the first');
    if (seed === undefined) return randomInt(first, end);
    return first + Math.floor(fraction(numberIn('States.MathRandom', seed)) * (end - first));
  },
};

/** Mulberry32: 0 or more, and less than 1. */
const fraction = (seed: number): number => {
  const mixed = (seed + 0x6d2b79f5) | 0;
  const once = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61));
  return ((twice ^ (twice >>> 14)) >>> 0) / 2 ** 32;
};

const uuid: Intrinsic = { takes: [0, 0], call: () => randomUUID() };

export const numberIntrinsics: Readonly<Record<string, Intrinsic>> = {
  'States.MathAdd': add,
  'States.MathRandom': random,
  'States.UUID': uuid,
};
