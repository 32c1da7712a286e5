import { AwsError } from '../common/aws-error.ts';
import { validationError } from './errors.ts';

export type Input = Readonly<Record<string, unknown>>;

/** A field's constraint in the API's model. */
export interface Constraint {
  readonly pattern?: RegExp;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** @throws AwsError `SerializationException` when it is no string, `ValidationException` when it breaks `constraint` */
export const optionalString = (input: Input, field: string, constraint: Constraint = {}): string | undefined => {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(field, 'string');
  checkConstraint(memberName(field), value, constraint);
  return value;
};

export const requiredString = (input: Input, field: string, constraint: Constraint = {}): string => {
  const value = optionalString(input, field, constraint);
  if (value === undefined) throw validationError(`${memberName(field)} must not be null`);
  return value;
};

export const optionalBoolean = (input: Input, field: string): boolean => {
  const value = input[field] ?? false;
  if (typeof value !== 'boolean') throw wrongType(field, 'boolean');
  return value;
};

/** @throws AwsError `SerializationException` when it is no integer, `ValidationException` when it is out of range */
export const optionalInteger = (
  input: Input,
  field: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined => {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(field, 'integer');
  if (value < min) throw validationError(`${memberName(field)} must have value greater than or equal to ${min}`);
  if (value > max) throw validationError(`${memberName(field)} must have value less than or equal to ${max}`);
  return value;
};

export const checkConstraint = (member: string, value: string | readonly unknown[], constraint: Constraint): void => {
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = constraint;
  if (value.length < minLength)
    throw validationError(`${member} must have length greater than or equal to ${minLength}`);
  if (value.length > maxLength) throw validationError(`${member} must have length less than or equal to ${maxLength}`);
  if (pattern && typeof value === 'string' && !pattern.test(value))
    throw validationError(`${member} must satisfy regex pattern: ${pattern.source}`);
};

export const wrongType = (field: string, expected: string): AwsError =>
  new AwsError('SerializationException', `${field} must be of type ${expected}`);

/** Members are named in messages as in the model: `ClientToken` is `clientToken`. */
const memberName = (field: string): string => field.charAt(0).toLowerCase() + field.slice(1);
