import { type Expression, parseIntrinsic } from './intrinsic-expression.ts';
import { arrayIntrinsics } from './intrinsics/arrays.ts';
import { encodingIntrinsics } from './intrinsics/encodings.ts';
import { failure, type Intrinsic } from './intrinsics/intrinsic.ts';
import { numberIntrinsics } from './intrinsics/numbers.ts';
import { textIntrinsics } from './intrinsics/texts.ts';
import type { Json } from './json.ts';
import { readField, type Scope } from './path.ts';

/** The functions of the language. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map(
  Object.entries({ ...arrayIntrinsics, ...encodingIntrinsics, ...numberIntrinsics, ...textIntrinsics }),
);

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
  const intrinsic = INTRINSICS.get(expression.name);
  if (!intrinsic) throw failure(`${expression.name} is not known`);
  return intrinsic.call(...expression.args.map((argument) => evaluate(argument, field, scope)));
};
