import { NotSupportedError } from '../common/aws-error.ts';
import { resolve, type Scope, TemplateError } from './intrinsics.ts';

/**
 * The conditions of a template, evaluated when first asked for, since they may build on one another in any order.
 *
 * @throws TemplateError for a name that the template does not define, or one that needs itself
 */
export const conditionsOf = (conditions: Readonly<Record<string, unknown>>, scope: () => Scope) => {
  const known = new Map<string, boolean>();
  const pending = new Set<string>();
  return (name: string): boolean => {
    const result = known.get(name);
    if (result !== undefined) return result;
    if (!Object.hasOwn(conditions, name)) throw new TemplateError(`condition ${name} is not defined`);
    if (pending.has(name)) throw new TemplateError(`condition ${name} refers to itself`);
    pending.add(name);
    const evaluated = evaluate(conditions[name], scope());
    pending.delete(name);
    known.set(name, evaluated);
    return evaluated;
  };
};

const evaluate = (expression: unknown, scope: Scope): boolean => {
  const [name, argument] = Object.entries(expression as object)[0] ?? [];
  if (name === 'Condition') return scope.condition(String(argument));
  if (name === 'Fn::Not') return !evaluate((argument as unknown[])[0], scope);
  if (name === 'Fn::And') return (argument as unknown[]).every((part) => evaluate(part, scope));
  if (name === 'Fn::Or') return (argument as unknown[]).some((part) => evaluate(part, scope));
  if (name === 'Fn::Equals') return areEqual(argument as unknown[], scope);
  throw new NotSupportedError(`condition function ${name}`);
};

const areEqual = (pair: readonly unknown[], scope: Scope): boolean => {
  const [left, right] = pair.map((side) => JSON.stringify(resolve(side, scope)));
  return left === right;
};
