import { isList, isObject, type Json } from '../json.ts';

/** A text that is an expression: it begins with `{%` and ends with `%}`, exactly. */
export const isExpression = (value: Json | undefined): value is string =>
  typeof value === 'string' && value.length >= 4 && value.startsWith('{%') && value.endsWith('%}');

/** What stands between the marks. */
export const expressionOf = (text: string): string => text.slice(2, -2).trim();

export interface LocatedExpression {
  readonly expression: string;
  /** Where it stands in the state, such as `Output/result`. */
  readonly location: string;
}

/** The expressions of a template, in the order in which they stand there. */
export const expressionsIn = (template: Json, location: string): readonly LocatedExpression[] => {
  if (isExpression(template)) return [{ expression: expressionOf(template), location }];
  if (isList(template)) return template.flatMap((item, index) => expressionsIn(item, `${location}[${index}]`));
  if (!isObject(template)) return [];
  return Object.entries(template).flatMap(([name, value]) => expressionsIn(value, `${location}/${name}`));
};

/** The template with its expressions replaced, one after the other, by `values`. */
export const fillExpressions = (template: Json, values: Iterator<Json>): Json => {
  if (isExpression(template)) return values.next().value as Json;
  if (isList(template)) return template.map((item) => fillExpressions(item, values));
  if (!isObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillExpressions(value, values)]));
};

const NAME = /\$(\p{ID_Start}\p{ID_Continue}*)/gu;

/** The names of variables that an expression may read, and perhaps some more. */
export const namesIn = (expressions: readonly string[]): ReadonlySet<string> =>
  new Set(expressions.flatMap((expression) => [...expression.matchAll(NAME)].map(([, name = '']) => name)));
