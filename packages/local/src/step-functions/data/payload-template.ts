import { isIntrinsic } from './intrinsic-expression.ts';
import { callIntrinsic } from './intrinsics.ts';
import { isList, isObject, type Json } from './json.ts';
import { readField, type Scope } from './path.ts';

/** The value of a field that may hold a path or an intrinsic function's call. */
export const readExpression = (field: string, text: string, scope: Scope): Json =>
  isIntrinsic(text) ? callIntrinsic(field, text, scope) : readField(field, text, scope);

/** `Parameters` and `ResultSelector`: the template with every field `name.$` replaced by `name` and what its expression yields. */
export const fillTemplate = (template: Json, scope: Scope): Json => {
  if (isList(template)) return template.map((item) => fillTemplate(item, scope));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$') && typeof value === 'string'
        ? [name.slice(0, -2), readExpression(name, value, scope)]
        : [name, fillTemplate(value, scope)],
    ),
  );
};
