import fc, { type Arbitrary } from 'fast-check';
import { anything, text } from './anything.ts';

const KINDS = ['remove', 'replace', 'add', 'wrap', 'misspell'] as const;

interface Edit {
  /** Which place of the value: counted over all of them, from the beginning again where there are fewer. */
  readonly place: number;
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  readonly value: unknown;
}

const edit: Arbitrary<Edit> = fc.record({
  place: fc.nat({ max: 60 }),
  kind: fc.constantFrom(...KINDS),
  name: text,
  value: anything,
});

/** What the arbitrary gives, with up to so many edits: most are nearly right, which goes further in than nonsense does. */
export const mutated = (arbitrary: Arbitrary<unknown>, maxEdits = 3): Arbitrary<unknown> =>
  fc.tuple(arbitrary, fc.array(edit, { maxLength: maxEdits })).map(([value, edits]) => edits.reduce(edited, value));

type Container = Record<string, unknown>;

const edited = (value: unknown, { place, kind, name, value: other }: Edit): unknown => {
  const whole: Container = { root: copyOf(value) };
  const places = placesIn(whole);
  const [container, key] = places[place % places.length] ?? [whole, 'root'];
  const old = container[key];
  if (kind === 'remove' && container !== whole) remove(container, key);
  if (kind === 'replace') container[key] = other;
  if (kind === 'wrap') container[key] = [old];
  if (kind === 'add') put(isContainer(old) ? old : container, name, other);
  if (kind === 'misspell' && container !== whole) {
    remove(container, key);
    put(container, `${key}s`, old);
  }
  return whole['root'];
};

/** JSON has no holes. */
const remove = (container: Container, key: string): void => {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
};

/** Also under `__proto__`, as JSON.parse does it. */
const put = (container: Container, key: string, value: unknown): void => {
  if (Array.isArray(container)) container.push(value);
  else Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
};

/** Edits are made no deeper than this, and copies not either: values may be nested deeper than a stack holds. */
const LEVELS = 6;

const copyOf = (value: unknown, levels = LEVELS + 2): unknown => {
  if (!isContainer(value) || levels === 0) return value;
  const copy = (Array.isArray(value) ? [] : {}) as Container;
  for (const [key, inner] of Object.entries(value)) put(copy, key, copyOf(inner, levels - 1));
  return copy;
};

/** Every place in a value, the whole of it first. */
const placesIn = (container: Container, levels = LEVELS): [Container, string][] =>
  Object.keys(container).flatMap((key): [Container, string][] => {
    const inner = container[key];
    return [[container, key], ...(isContainer(inner) && levels > 0 ? placesIn(inner, levels - 1) : [])];
  });

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;
