import fc, { type Arbitrary } from 'fast-check';

// fast-check's own `unit: 'binary'` takes seconds to set up. Letters are likelier here, surrogates not rare.
const codeUnit = fc.oneof(
  fc.integer({ min: 0x20, max: 0x7e }),
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0xd800, max: 0xdfff }),
);

/** Texts that have broken something somewhere. */
const NASTY = [
  '',
  ' ',
  '\0',
  '\ud800',
  '😀',
  'x'.repeat(3_000),
  '/'.repeat(300),
  '__proto__',
  'constructor',
  'toString',
  'null',
  '-1',
  '1e999',
  '${jndi:x}',
  "' or 1 = 1 --",
  '2026-02-30T99:00:00Z',
];

/** Any text, half surrogate pairs included. */
export const text: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.array(codeUnit, { maxLength: 60 }).map((units) => String.fromCharCode(...units)) },
  { weight: 1, arbitrary: fc.constantFrom(...NASTY) },
);

const nested = (levels: number, inside: unknown): unknown => (levels === 0 ? inside : [nested(levels - 1, inside)]);

/** Values that JSON holds and nobody expects. */
const NASTY_VALUES: readonly unknown[] = [
  null,
  [],
  {},
  -0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  [[]],
  [null],
  { a: null },
  JSON.parse('{"__proto__":{"type":"none"},"constructor":1,"toString":2,"length":3,"":4}'),
  nested(150, 'x'),
  nested(400, {}),
  Array.from({ length: 2_000 }, () => 'x'),
];

/** Any JSON value. */
export const anything: Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: text },
  { weight: 2, arbitrary: fc.oneof(fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom(...NASTY_VALUES) },
);
