import type { HostFunctions } from './host-functions.ts';

type Implementation = (...args: never[]) => unknown;

/**
 * What Step Functions adds to JSONata. Only the text of `make` gets into the expressions' realm: it may use what it is
 * given and the language, nothing of this module.
 */
export interface LanguageFunction {
  readonly name: string;
  /** In JSONata's notation. */
  readonly signature: string;
  readonly make: (host: HostFunctions) => Implementation;
}

const partition: LanguageFunction = {
  name: 'partition',
  signature: '<an:a<a>>',
  make: () => (list: unknown[] | undefined, size: number) => {
    if (list === undefined) return undefined;
    const step = Math.floor(size);
    if (!(step > 0)) throw new Error('The second argument of $partition must be a positive number');
    return Array.from({ length: Math.ceil(list.length / step) }, (_part, n) => list.slice(n * step, (n + 1) * step));
  },
};

const range: LanguageFunction = {
  name: 'range',
  signature: '<nnn:a<n>>',
  make: () => (first: number, last: number, by: number) => {
    if (!(by < 0 || by > 0)) throw new Error('The third argument of $range must be a number other than 0');
    const length = Math.max(0, Math.floor((last - first) / by) + 1);
    const items = Array.from({ length }, (_item, n) => first + n * by);
    // As AWS has been recorded: a sequence, of which JSONata takes one item for the item itself.
    return Object.assign(items, { sequence: true });
  },
};

const hash: LanguageFunction = {
  name: 'hash',
  signature: '<s-s:s>',
  make: (host) => (text: string | undefined, algorithm: string) => {
    if (text === undefined) return undefined;
    const digits = host.hash(text, algorithm);
    if (digits === undefined) throw new Error('The second argument of $hash must be the name of an algorithm');
    return digits;
  },
};

/** Mulberry32: the same seed has the same number. */
const random: LanguageFunction = {
  name: 'random',
  signature: '<n?:n>',
  make: () => (seed?: number) => {
    if (seed === undefined) return Math.random();
    const mixed = (Math.floor(seed) + 0x6d2b79f5) | 0;
    const once = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61));
    return ((twice ^ (twice >>> 14)) >>> 0) / 2 ** 32;
  },
};

const uuid: LanguageFunction = {
  name: 'uuid',
  signature: '<:s>',
  make: (host) => () => host.uuid(),
};

const parse: LanguageFunction = {
  name: 'parse',
  signature: '<s-:x>',
  make: () => (text: string | undefined) => {
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new Error('The argument of $parse is not JSON');
    }
  },
};

export const languageFunctions: readonly LanguageFunction[] = [partition, range, hash, random, uuid, parse];
