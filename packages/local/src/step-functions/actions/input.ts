import { AwsError } from '../../common/aws-error.ts';
import { validationError } from '../errors.ts';

export type Input = Readonly<Record<string, unknown>>;

interface Limits {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** The value is not repeated in the message. */
  readonly sensitive?: boolean;
}

/** @throws AwsError `SerializationException`, `ValidationException` */
export const optionalText = (input: Input, field: string, limits: Limits = {}): string | undefined => {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${field} must be a string`);
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, sensitive } = limits;
  if (value.length >= minLength && value.length <= maxLength) return value;
  const bound =
    value.length < minLength ? `greater than or equal to ${minLength}` : `less than or equal to ${maxLength}`;
  throw validationError(
    `${sensitive ? 'Value' : `Value '${value}'`} at '${field}' failed to satisfy constraint: Member must have length ${bound}`,
  );
};

/** @throws AwsError `SerializationException`, `ValidationException` */
export const requiredText = (input: Input, field: string, limits: Limits = {}): string => {
  const value = optionalText(input, field, limits);
  if (value === undefined)
    throw validationError(`Value null at '${field}' failed to satisfy constraint: Member must not be null`);
  return value;
};

/** @throws AwsError `ValidationException` */
export const optionalChoice = <T extends string>(input: Input, field: string, choices: readonly T[]): T | undefined => {
  const value = optionalText(input, field);
  const found = choices.find((choice) => choice === value);
  if (value === undefined || found !== undefined) return found;
  throw validationError(
    `Value '${value}' at '${field}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(', ')}]`,
  );
};

export const optionalFlag = (input: Input, field: string): boolean | undefined => {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new AwsError('SerializationException', `${field} must be a boolean`);
  return value;
};

/** @throws AwsError for what AWS knows and the stage does not take */
export const refuseInput = (input: Input, fields: readonly string[], refusal: (field: string) => Error): void => {
  const refused = fields.find((field) => input[field] !== undefined && input[field] !== null);
  if (refused) throw refusal(refused);
};
