import { unusedParametersError } from '../errors.ts';
import { checkConstraint, type Input, requiredString, wrongType } from '../input.ts';
import { type SqlParameter, unusedParameters } from '../sql/parameters.ts';

const PARAMETER_NAME = { pattern: /^[0-9a-zA-Z_]+$/ };

/** @throws AwsError also when none of `sqls` uses one of them */
export const readParameters = ({ Parameters: given }: Input, sqls: readonly string[]): readonly SqlParameter[] => {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw wrongType('Parameters', 'list');
  checkConstraint('parameters', given, { minLength: 1 });
  const parameters = given.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw wrongType('Parameters', 'list of structures');
    const name = requiredString(item as Input, 'name', PARAMETER_NAME);
    return { name, value: requiredString(item as Input, 'value', { minLength: 1 }) };
  });
  const unused = sqls.reduce<readonly SqlParameter[]>((left, sql) => unusedIn(sql, left), parameters);
  if (unused.length > 0) throw unusedParametersError(unused.map(({ name }) => name));
  return parameters;
};

const unusedIn = (sql: string, parameters: readonly SqlParameter[]): readonly SqlParameter[] => {
  const names = new Set(unusedParameters(sql, parameters));
  return parameters.filter(({ name }) => names.has(name));
};
