import { NotSupportedError } from '../common/aws-error.ts';
import { UNRESOLVED } from './property-values.ts';

/** What the references of a template mean where they stand; `UNRESOLVED` as long as nobody knows. */
export interface Scope {
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapped(map: string, topLevelKey: string, secondLevelKey: string): unknown;
  imported(exportName: string): unknown;
}

/** A template that CloudFormation would refuse as well. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What `AWS::NoValue` stands for: the property is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** Nothing can be made of a value that is not known yet. */
class Unresolved extends Error {}

/** `value` with every intrinsic function replaced by what it means in `scope`; by `UNRESOLVED` where that cannot be known yet. */
export const resolve = (value: unknown, scope: Scope): unknown => {
  if (typeof value === 'string') return withoutDynamicReference(value);
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (value === null || typeof value !== 'object') return value;
  const [call, ...others] = Object.entries(value);
  if (call && others.length === 0 && isIntrinsic(call[0])) return callIntrinsic(call[0], call[1], scope);
  return resolveEntries(value, scope);
};

const resolveEntries = (value: object, scope: Scope): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, resolve(item, scope)] as const)
      .filter(([, item]) => item !== NO_VALUE),
  );

const isIntrinsic = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::');

const callIntrinsic = (name: string, argument: unknown, scope: Scope): unknown => {
  const intrinsic = INTRINSICS.get(name);
  if (!intrinsic) throw new NotSupportedError(`intrinsic function ${name}`);
  try {
    return intrinsic(argument, scope);
  } catch (error) {
    if (error instanceof Unresolved) return UNRESOLVED;
    throw error;
  }
};

const withoutDynamicReference = (text: string): string => {
  if (text.includes('{{resolve:')) throw new NotSupportedError(`dynamic reference ${text}`);
  return text;
};

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const list = (value: unknown, name: string): readonly unknown[] => {
  if (value === UNRESOLVED) throw new Unresolved();
  if (!Array.isArray(value)) throw new TemplateError(`${name} needs a list, got ${JSON.stringify(value)}`);
  return value;
};

const text = (value: unknown, name: string): string => {
  if (value === UNRESOLVED) throw new Unresolved();
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new TemplateError(`${name} needs a text, got ${JSON.stringify(value)}`);
  return String(value);
};

const join: Intrinsic = (argument, scope) => {
  const [separator, parts] = list(argument, 'Fn::Join');
  const resolved = list(resolve(parts, scope), 'Fn::Join');
  return resolved.map((part) => text(part, 'Fn::Join')).join(text(separator, 'Fn::Join'));
};

const select: Intrinsic = (argument, scope) => {
  const [index, items] = list(resolve(argument, scope), 'Fn::Select');
  const chosen = list(items, 'Fn::Select')[Number(index)];
  if (chosen === undefined)
    throw new TemplateError(`Fn::Select has no item ${String(index)} in ${JSON.stringify(items)}`);
  return chosen;
};

const split: Intrinsic = (argument, scope) => {
  const [separator, source] = list(resolve(argument, scope), 'Fn::Split');
  return text(source, 'Fn::Split').split(text(separator, 'Fn::Split'));
};

const getAtt: Intrinsic = (argument, scope) => {
  const [logicalId, ...path] = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt');
  const name = path.map((part) => text(resolve(part, scope), 'Fn::GetAtt')).join('.');
  return scope.attribute(text(logicalId, 'Fn::GetAtt'), name);
};

const findInMap: Intrinsic = (argument, scope) => {
  const [map, top, second, ...more] = list(resolve(argument, scope), 'Fn::FindInMap');
  if (more.length > 0) throw new NotSupportedError('Fn::FindInMap with a default value');
  return scope.mapped(text(map, 'Fn::FindInMap'), text(top, 'Fn::FindInMap'), text(second, 'Fn::FindInMap'));
};

const choose: Intrinsic = (argument, scope) => {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If');
  return resolve(scope.condition(text(condition, 'Fn::If')) ? whenTrue : whenFalse, scope);
};

/** `${Name}`, `${Resource.Attribute}` and the literal form `${!Name}`. */
const SUBSTITUTION = /\$\{(!?)([^}]*)\}/g;

const sub: Intrinsic = (argument, scope) => {
  const [template, variables] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  const own = resolve(variables ?? {}, scope) as Record<string, unknown>;
  const meaningOf = (name: string): unknown => {
    if (Object.hasOwn(own, name)) return own[name];
    const dot = name.indexOf('.');
    return dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
  };
  const substitute = (_: string, literal: string, name: string) =>
    literal ? `\${${name}}` : text(meaningOf(name.trim()), 'Fn::Sub');
  return withoutDynamicReference(text(template, 'Fn::Sub').replace(SUBSTITUTION, substitute));
};

const ref: Intrinsic = (argument, scope) => {
  const name = text(argument, 'Ref');
  return name === 'AWS::NoValue' ? NO_VALUE : scope.ref(name);
};

const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', ref],
  ['Fn::GetAtt', getAtt],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::If', choose],
  ['Fn::FindInMap', findInMap],
  ['Fn::Base64', (argument, scope) => Buffer.from(text(resolve(argument, scope), 'Fn::Base64')).toString('base64')],
  ['Fn::ImportValue', (argument, scope) => scope.imported(text(resolve(argument, scope), 'Fn::ImportValue'))],
]);
