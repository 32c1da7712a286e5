import { createHmac } from 'node:crypto';

/**
 * A number from 0 to below 1 that depends on nothing but its arguments: neither on time nor on what else happens. (A keyed hash rather than
 * a generator, which would have to be asked in one order.)
 */
export const draw = (seed: number, label: string): number =>
  createHmac('sha256', String(seed)).update(label).digest().readUInt32BE() / 2 ** 32;

/** The items in an order that depends on seed and label only (Fisher and Yates's shuffle). */
export const shuffled = <T>(items: readonly T[], seed: number, label: string): T[] => {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(draw(seed, `${label}/${i}`) * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
};
