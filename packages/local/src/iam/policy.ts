import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { PolicyDocument } from '../common/service.ts';
import { checkConditionKey } from './condition-keys.ts';
import { type Condition, parseCondition } from './conditions.ts';
import { likeAction, likeArn, type Pattern, variablesIn } from './match.ts';
import { type ParsedPrincipals, parsePrincipals } from './principals.ts';

/**
 * What a policy is attached to decides which elements it must and must not have. `identity` stands for permissions boundaries too, `key` for
 * the policies of resources of every kind.
 */
export type PolicyKind = 'identity' | 'session' | 'trust' | 'key';

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly Pattern[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  /** Absent in trust policies. */
  readonly resources: Patterns | undefined;
  /** Present in trust and key policies only. */
  readonly principals: ParsedPrincipals | undefined;
  readonly conditions: readonly Condition[];
  /** The statement as JSON text, by which it is known again. */
  readonly source: string;
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
 * @throws NotSupportedError for an element, operator, condition key or principal that the stage does not evaluate, by name
 * @throws AwsError `MalformedPolicyDocument` for what IAM refuses too
 */
export const parsePolicy = (document: PolicyDocument, kind: PolicyKind): readonly Statement[] => {
  refuseUnknown(document as unknown as Json, ['Version', 'Id', 'Statement'], 'policy');
  if (!VERSIONS.includes(document.Version)) throw malformed(`Unknown policy version: ${String(document.Version)}`);
  // Before version 2012-10-17, `${…}` was text.
  const hasVariables = document.Version === '2012-10-17';
  return [document.Statement].flat().map((statement) => parseStatement(statement, kind, hasVariables));
};

const parseStatement = (statement: unknown, kind: PolicyKind, hasVariables: boolean): Statement => {
  if (!isObject(statement)) throw malformed('A policy statement must be an object.');
  refuseUnknown(statement, ELEMENTS, 'policy statement');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw malformed(`Effect must be Allow or Deny, not ${JSON.stringify(statement.Effect)}.`);
  const actions = patternsOf(statement, 'Action', actionPattern);
  if (!actions) throw malformed('A policy statement must have Action or NotAction.');
  const resources = patternsOf(statement, 'Resource', (text) => resourcePattern(text, hasVariables));
  const principals = parsePrincipals(statement);
  checkElements(kind, resources, principals);
  return {
    sid: typeof statement.Sid === 'string' && statement.Sid !== '' ? statement.Sid : undefined,
    effect: statement.Effect,
    actions,
    resources,
    principals,
    conditions: conditionsOf(statement, hasVariables),
    source: JSON.stringify({ ...statement, hasVariables }),
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

const patternsOf = (
  statement: Json,
  element: 'Action' | 'Resource',
  read: (text: string) => Pattern,
): Patterns | undefined => {
  const not = statement[`Not${element}`] !== undefined;
  if (not && statement[element] !== undefined) throw malformed(`${element} and Not${element} exclude each other.`);
  const value = statement[not ? `Not${element}` : element];
  return value === undefined ? undefined : { not, patterns: strings(value, element).map(read) };
};

const actionPattern = (text: string): Pattern => {
  if (text !== '*' && !/^[a-z0-9-]+:[\w*?]+$/i.test(text))
    throw malformed(`The action ${text} must be * or a service and an action, service:Action.`);
  return likeAction(text);
};

/** Five colons come before the resource part of an ARN, and so before its variables. */
const ARN = /^arn:(?:[^:]*:){4}[^:]/;
const SHORT_ARN = /^arn:.*\*$/;

const resourcePattern = (text: string, hasVariables: boolean): Pattern => {
  if (text !== '*' && !ARN.test(text) && !SHORT_ARN.test(text))
    throw malformed(`Resource ${text} must be in ARN format or "*".`);
  if (!hasVariables) return likeArn(text, false);
  if (variablesIn(text.split(':', 5).join(':')).length > 0)
    throw malformed(`Resource ${text} has a policy variable before its fifth colon.`);
  checkVariables(text);
  return likeArn(text, true);
};

const checkVariables = (text: string): void => {
  for (const { key } of variablesIn(text)) checkConditionKey(key);
};

/** A single value or a list; numbers and booleans, as people write them in conditions, count as their text. */
const strings = (value: unknown, element: string): readonly string[] =>
  [value].flat().map((item) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw malformed(`${element} must hold strings, not ${JSON.stringify(item)}.`);
  });

const conditionsOf = (statement: Json, hasVariables: boolean): readonly Condition[] => {
  const block = statement.Condition ?? {};
  if (!isObject(block)) throw malformed('Condition must be an object.');
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw malformed(`The condition ${operator} must be an object.`);
    return Object.entries(keys).map(([key, value]) => {
      const values = strings(value, `${operator} ${key}`);
      checkConditionKey(key);
      if (hasVariables) values.forEach(checkVariables);
      return parseCondition(operator, key, values, hasVariables);
    });
  });
};
