import type { IRawProperty } from 'fast-check';

/** Something that must hold for whatever comes in. */
export interface Fuzzed {
  readonly name: string;
  /** Its share of the cases, in proportion to the others': cheap ones get more. */
  readonly weight: number;
  readonly property: IRawProperty<unknown>;
}

/** What a package holds against random input, and what that needs to run. */
export interface Fuzzing {
  readonly properties: readonly Fuzzed[];
  close(): Promise<void>;
}
