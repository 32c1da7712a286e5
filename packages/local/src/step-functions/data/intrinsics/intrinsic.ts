import { StateError } from '../../errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';

/** A function of the states language. */
export interface Intrinsic {
  /** Fewest and most arguments, which are checked when a state machine is created. */
  readonly takes: readonly [least: number, most: number];
  /** @throws StateError `States.IntrinsicFailure` */
  readonly call: (...args: readonly Json[]) => Json;
}

export const failure = (message: string): StateError => new StateError('States.IntrinsicFailure', message);

export const textIn = (name: string, value: Json | undefined): string => {
  if (typeof value === 'string') return value;
  throw failure(`${name} was given no string where it takes one`);
};

/** Characters that the functions which transform data take; as documented. */
const LONGEST_DATA = 10_000;

export const shortTextIn = (name: string, value: Json | undefined): string => {
  const text = textIn(name, value);
  if (text.length <= LONGEST_DATA) return text;
  throw failure(`${name} takes at most ${LONGEST_DATA} characters`);
};

export const listIn = (name: string, value: Json | undefined): readonly Json[] => {
  if (isList(value)) return value;
  throw failure(`${name} was given no array where it takes one`);
};

export const objectIn = (name: string, value: Json | undefined): JsonObject => {
  if (isObject(value)) return value;
  throw failure(`${name} was given no object where it takes one`);
};

/** Fractions are rounded to whole numbers, halves upwards, as AWS has been recorded to do. */
export const numberIn = (name: string, value: Json | undefined): number => {
  if (typeof value === 'number') return Math.round(value);
  throw failure(`${name} was given no number where it takes one`);
};
