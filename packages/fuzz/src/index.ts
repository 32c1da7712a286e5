export { anything, text } from './anything.ts';
export { checkProperties, type Outcome } from './check-properties.ts';
export { failuresOf } from './failures-of.ts';
export { foundIn } from './found-in.ts';
export type { Fuzzed, Fuzzing } from './fuzzing.ts';
export { mutated } from './mutated.ts';
export { swiftly } from './swiftly.ts';
