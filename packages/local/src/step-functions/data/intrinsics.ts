import { randomUUID } from 'node:crypto';
import { StateError } from '../errors.ts';
import { type Expression, parseIntrinsic } from './intrinsic-expression.ts';
import { type Json, parseJson } from './json.ts';
import { readField, type Scope } from './path.ts';

type Intrinsic = (args: readonly Json[]) => Json;

const format: Intrinsic = ([template, ...values]) => {
  if (typeof template !== 'string') throw failure('States.Format takes a text first');
  let next = 0;
  const text = template.replaceAll(/\\([{}\\])|\{\}/g, (_match, escaped: string | undefined) => {
    if (escaped) return escaped;
    const value = values[next++];
    if (value === undefined) throw failure('States.Format has fewer values than places');
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  if (next < values.length) throw failure('States.Format has more values than places');
  return text;
};

const stringToJson: Intrinsic = ([text]) => {
  const value = typeof text === 'string' ? parseJson(text) : undefined;
  if (value === undefined) throw failure('States.StringToJson was given no JSON text');
  return value;
};

/** The functions of the language that the stage knows. How many values each takes, the validator has checked. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['States.Array', (args) => args],
  ['States.Format', format],
  ['States.JsonToString', ([value = null]) => JSON.stringify(value)],
  ['States.StringToJson', stringToJson],
  ['States.UUID', () => randomUUID()],
]);

/**
 * The value of an intrinsic function's call, which deployment has checked.
 *
 * @throws StateError `States.IntrinsicFailure`
 * @throws RuntimeProblem when a path among the arguments leads nowhere
 */
export const callIntrinsic = (field: string, text: string, scope: Scope): Json =>
  evaluate(parseIntrinsic(text), field, scope);

const evaluate = (expression: Expression, field: string, scope: Scope): Json => {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'path') return readField(field, expression.path, scope);
  const args = expression.args.map((argument) => evaluate(argument, field, scope));
  const intrinsic = INTRINSICS.get(expression.name);
  if (!intrinsic) throw failure(`${expression.name} is not known`);
  return intrinsic(args);
};

const failure = (message: string): StateError => new StateError('States.IntrinsicFailure', message);
