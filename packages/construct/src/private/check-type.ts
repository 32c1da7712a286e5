import { Token } from 'aws-cdk-lib';
import { refuse } from './validation';

/**
 * What no compiler has refused, such as in JavaScript, is told by its prop's name. Another copy of a library has other classes, so an
 * object is known by a member.
 *
 * @throws Error for what is no object with that member, and where nothing is given.
 */
export const checkHas = (property: string, value: unknown, what: string, member: string): void => {
  if (typeof value === 'object' && value !== null && member in value) return;
  refuse(property, `must be ${what}`, value);
};

/** @throws Error unless it is one of the values, absent, or a token. */
export const checkOneOf = (property: string, value: unknown, values: object): void => {
  const known: readonly unknown[] = Object.values(values);
  if (value === undefined || Token.isUnresolved(value) || known.includes(value)) return;
  refuse(property, `must be ${known.join(' or ')}`, value);
};
