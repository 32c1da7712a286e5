import { Token } from 'aws-cdk-lib';
import type { RedshiftStartOptions } from '../redshift-start-options';
import { placeholdersIn } from './sql-placeholders';
import { isKnown, type StateLanguage } from './state-language';
import { refuse } from './validation';

/** By name; or all of them from the state's input, as a token or an expression of JSONata. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Those that props give. jsii has no type for all that may be, so what may not is left to `checkParameters`. */
export const parametersOf = ({ parameters = {} }: Pick<RedshiftStartOptions, 'parameters'>): Parameters =>
  parameters as Parameters;

const NAME = /^[0-9a-zA-Z_]+$/;

const isTaken = (value: unknown): boolean => {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value === 'boolean' || (typeof value === 'string' && value !== '');
};

/** @throws Error naming the parameter that the Data API has no form for. */
export const checkParameters = (property: string, parameters: Parameters): void => {
  if (!isKnown(parameters)) return;
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    refuse(property, 'must be values by name, or an expression that gives them', parameters);
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (!NAME.test(name)) refuse(property, 'must have names of letters, digits and underscores only', name);
    if (Token.isUnresolved(value) || isTaken(value)) continue;
    const rule =
      'must be text that is not empty, a number that JSON carries exactly, or a boolean (Redshift parameters have no form for NULL)';
    refuse(`${property}.${name}`, rule, value);
  }
};

/**
 * @param sqls the SQL of the statements that share the parameters, as far as it is known
 * @throws Error for a parameter that no statement names, and a name that has no parameter; not where that cannot be known.
 */
export const checkNames = (property: string, parameters: Parameters, sqls: readonly string[] | undefined): void => {
  if (sqls === undefined || !isKnown(parameters)) return;
  const found = sqls.map(placeholdersIn);
  const given = Object.keys(parameters);
  for (const name of found.flatMap((placeholders) => placeholders?.sure ?? [])) {
    if (!given.includes(name)) refuse(property, `must have "${name}", which the SQL names as :${name}`, given);
  }
  if (found.includes(undefined)) return;
  const possible = found.flatMap((placeholders) => placeholders?.possible ?? []);
  const unknown = given.find((name) => !possible.includes(name));
  if (unknown === undefined) return;
  const rule = `must have no "${unknown}", since the SQL names no :${unknown} (what stands in quotes or comments does not count)`;
  refuse(property, rule, given);
};

/** As a request holds them. */
export const writeParameters = (language: StateLanguage, parameters: Parameters): unknown => {
  if (!isKnown(parameters)) return language.value('parameters', parameters);
  const entries = Object.entries(parameters);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, language.value(`parameters.${name}`, value)]));
};
