import { AwsError, NotSupportedError } from '../../common/aws-error.ts';
import type { Dimensions } from '../metrics.ts';

export type Input = Readonly<Record<string, unknown>>;

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

/** What is not known would be ignored in silence. @throws NotSupportedError naming the parameter */
export const refuseOthers = (what: string, input: Input, known: readonly string[]): void => {
  const unknown = Object.keys(input).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new NotSupportedError(`The ${what} parameter ${unknown} is not supported.`);
};

export const textOf = (input: Input, name: string): string | undefined => {
  const value = input[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`${name} must be a string.`);
};

export const requiredText = (input: Input, name: string): string => {
  const value = textOf(input, name);
  if (value) return value;
  throw new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);
};

/** Epoch milliseconds of a time given in epoch seconds. */
export const timeOf = (input: Input, name: string): number => {
  const value = input[name];
  if (typeof value === 'number') return value * 1000;
  throw new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);
};

/** Seconds. */
export const periodOf = (input: Input): number => {
  const period = input.Period;
  const isWhole = typeof period === 'number' && Number.isInteger(period);
  if (isWhole && period > 0 && (period % 60 === 0 || [1, 5, 10, 20, 30].includes(period))) return period;
  throw invalid('The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60.');
};

export const objectOf = (value: unknown, what: string): Input => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw invalid(`${what} must be an object.`);
};

export const listOf = (input: Input, name: string): readonly unknown[] => {
  const value = input[name] ?? [];
  if (Array.isArray(value)) return value;
  throw invalid(`${name} must be a list.`);
};

/** A dimension without a value stands for every value, where that is asked for. */
export const dimensionsOf = (input: Input): Dimensions =>
  Object.fromEntries(
    listOf(input, 'Dimensions').map((given) => {
      const dimension = objectOf(given, 'A dimension');
      return [requiredText(dimension, 'Name'), requiredText(dimension, 'Value')];
    }),
  );

/** As the API writes them. */
export const shownDimensions = (dimensions: Dimensions) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
