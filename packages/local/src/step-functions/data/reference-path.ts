import { StateError } from '../errors.ts';
import { isList, isObject, type Json } from './json.ts';
import { parsePath, type Step } from './path.ts';

/**
 * The input with `value` put where the reference path points; fields on the way are made, the input is left as it was.
 *
 * @throws StateError `States.ResultPathMatchFailure` when the path leads through something that has no fields, or past the end of a list
 */
export const placeAt = (path: string, input: Json, value: Json): Json =>
  place(input, parsePath(path).steps ?? [], value, path);

const place = (into: Json | undefined, steps: readonly Step[], value: Json, path: string): Json => {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'string' && (into === undefined || isObject(into))) {
    const child = into !== undefined && Object.hasOwn(into, step) ? into[step] : undefined;
    return { ...into, [step]: place(child, rest, value, path) };
  }
  if (typeof step === 'number' && isList(into) && step >= 0 && step < into.length)
    return into.with(step, place(into[step], rest, value, path));
  throw new StateError('States.ResultPathMatchFailure', `Unable to apply ReferencePath ${path} to the state's input`);
};
