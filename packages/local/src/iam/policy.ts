import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { PolicyDocument } from '../common/service.ts';
import { type Condition, parseOperator } from './conditions.ts';
import { type ParsedPrincipals, parsePrincipals } from './principals.ts';

/** What a policy is attached to decides which elements it must and must not have. */
/** `key` stands for the policies of resources of every kind, queues too. */
export type PolicyKind = 'identity' | 'session' | 'trust' | 'key';

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  /** Absent in trust policies. */
  readonly resources: Patterns | undefined;
  /** Present in trust and key policies only. */
  readonly principals: ParsedPrincipals | undefined;
  readonly conditions: readonly Condition[];
  /** Policies before version 2012-10-17 take `${…}` for text. */
  readonly hasVariables: boolean;
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17', undefined];

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

/**
 * Reads a policy document.
 *
 * @throws NotSupportedError for an element, operator or principal that the stage does not evaluate, by name
 * @throws AwsError `MalformedPolicyDocument` for what IAM refuses too
 */
export const parsePolicy = (document: PolicyDocument, kind: PolicyKind): readonly Statement[] => {
  refuseUnknown(document as unknown as Json, ['Version', 'Id', 'Statement'], 'policy');
  if (!VERSIONS.includes(document.Version)) throw malformed(`Unknown policy version: ${String(document.Version)}`);
  const hasVariables = document.Version === '2012-10-17';
  return [document.Statement].flat().map((statement) => parseStatement(statement, kind, hasVariables));
};

const parseStatement = (statement: unknown, kind: PolicyKind, hasVariables: boolean): Statement => {
  if (!isObject(statement)) throw malformed('A policy statement must be an object.');
  refuseUnknown(statement, ELEMENTS, 'policy statement');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw malformed(`Effect must be Allow or Deny, not ${JSON.stringify(statement.Effect)}.`);
  const actions = patternsOf(statement, 'Action');
  if (!actions) throw malformed('A policy statement must have Action or NotAction.');
  const resources = patternsOf(statement, 'Resource');
  const principals = parsePrincipals(statement);
  checkElements(kind, resources, principals);
  return {
    effect: statement.Effect,
    actions,
    resources,
    principals,
    conditions: conditionsOf(statement),
    hasVariables,
  };
};

const checkElements = (kind: PolicyKind, resources: unknown, principals: unknown): void => {
  const hasPrincipal = kind === 'trust' || kind === 'key';
  if (hasPrincipal && !principals)
    throw malformed(`A statement of kind ${kind} must have a Principal or NotPrincipal.`);
  if (!hasPrincipal && principals) throw malformed(`A statement of kind ${kind} must not have a Principal.`);
  if (kind === 'trust' && resources) throw malformed('A statement of kind trust must not have a Resource.');
  if (kind !== 'trust' && !resources)
    throw malformed(`A statement of kind ${kind} must have a Resource or NotResource.`);
};

const refuseUnknown = (object: Json, known: readonly string[], where: string): void => {
  const unknown = Object.keys(object).find((element) => !known.includes(element));
  if (unknown) throw new NotSupportedError(`The ${where} element ${unknown} is not supported.`);
};

const patternsOf = (statement: Json, element: 'Action' | 'Resource'): Patterns | undefined => {
  const not = statement[`Not${element}`] !== undefined;
  if (not && statement[element] !== undefined) throw malformed(`${element} and Not${element} exclude each other.`);
  const value = statement[not ? `Not${element}` : element];
  return value === undefined ? undefined : { not, patterns: strings(value, element) };
};

/** A single value or a list; numbers and booleans, as people write them in conditions, count as their text. */
const strings = (value: unknown, element: string): readonly string[] =>
  [value].flat().map((item) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw malformed(`${element} must hold strings, not ${JSON.stringify(item)}.`);
  });

const conditionsOf = (statement: Json): readonly Condition[] => {
  const block = statement.Condition ?? {};
  if (!isObject(block)) throw malformed('Condition must be an object.');
  return Object.entries(block).flatMap(([name, keys]) => {
    const operator = parseOperator(name);
    if (!operator) throw new NotSupportedError(`The condition operator ${name} is not supported.`);
    if (!isObject(keys)) throw malformed(`The condition ${name} must be an object.`);
    return Object.entries(keys).map(([key, value]) => ({
      ...operator,
      key: key.toLowerCase(),
      wanted: strings(value, `${name} ${key}`),
    }));
  });
};
