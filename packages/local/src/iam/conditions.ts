import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import { operatorOf } from './condition-operators.ts';
import type { RequestContext } from './context.ts';
import type { Pattern, ResolveVariable } from './match.ts';

/** One operator applied to one key: `{"StringLike": {"aws:PrincipalArn": ["…"]}}`. */
export interface Condition {
  /** In lower case: IAM knows no upper and lower case in keys. */
  readonly key: string;
  readonly holds: (context: RequestContext, resolve: ResolveVariable) => boolean;
}

type SetQualifier = 'ForAllValues' | 'ForAnyValue' | undefined;

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

/**
 * @throws NotSupportedError for an operator that IAM does not know
 * @throws AwsError `MalformedPolicyDocument` for a value that is not of the operator's kind
 */
export const parseCondition = (
  name: string,
  key: string,
  values: readonly string[],
  hasVariables: boolean,
): Condition => {
  if (name === 'Null') return isAbsent(key.toLowerCase(), values);
  const [, set, base = '', ifExists] = OPERATOR.exec(name) ?? [];
  const operator = operatorOf(base);
  if (!operator) throw new NotSupportedError(`The condition operator ${name} is not supported.`);
  return compared({
    key: key.toLowerCase(),
    wanted: values.map((value) => operator.read(value, hasVariables)),
    isNegated: operator.isNegated,
    set: set as SetQualifier,
    ifExists: ifExists !== undefined,
  });
};

/** The operator Null: `true` asks that the key is absent, `false` that it is there. */
const isAbsent = (key: string, values: readonly string[]): Condition => {
  const wanted = values.map((value) => value.toLowerCase());
  const strange = wanted.find((value) => value !== 'true' && value !== 'false');
  if (strange !== undefined)
    throw new AwsError('MalformedPolicyDocument', `The operator Null takes true or false, not ${strange}.`);
  return { key, holds: (context) => wanted.includes(String(context.get(key) === undefined)) };
};

const compared = (condition: {
  readonly key: string;
  readonly wanted: readonly Pattern[];
  readonly isNegated: boolean;
  readonly set: SetQualifier;
  readonly ifExists: boolean;
}): Condition => {
  const { key, wanted, isNegated, set, ifExists } = condition;
  const whenAbsent = ifExists || set === 'ForAllValues' || (isNegated && set === undefined);
  const holds: Condition['holds'] = (context, resolve) => {
    const actual = context.get(key);
    if (actual === undefined) return whenAbsent;
    const fits = (value: string) => wanted.some((pattern) => pattern.matches(value, resolve)) !== isNegated;
    if (set === 'ForAllValues') return [actual].flat().every(fits);
    if (set === 'ForAnyValue') return [actual].flat().some(fits);
    // A key that can have several values is compared with a set qualifier only.
    return typeof actual === 'string' && fits(actual);
  };
  return { key, holds };
};
