import { isIP } from 'node:net';
import { AwsError } from '../common/aws-error.ts';
import { exactly, exactlyInAnyCase, likeArn, likeText, type Pattern, variablesIn } from './match.ts';
import { isInNetwork, networkOf } from './network.ts';

/** Reads one value of a policy into the test that a request's value has to pass. */
type Operator = (wanted: string, hasVariables: boolean) => Pattern;

const malformed = (wanted: string, kind: string): AwsError =>
  new AwsError('MalformedPolicyDocument', `The condition value ${JSON.stringify(wanted)} is not ${kind}.`);

/** Operators on other than texts and ARNs know no variables. */
const typed =
  <T>(kind: string, read: (text: string) => T | undefined, test: (actual: T, wanted: T) => boolean): Operator =>
  (text) => {
    const wanted = read(text);
    if (wanted === undefined) throw malformed(text, kind);
    return {
      text,
      matches: (value) => {
        const actual = read(value);
        return actual !== undefined && test(actual, wanted);
      },
    };
  };

const numberOf = (text: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined;

const DATE = /^\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?$/;

/** Dates are ISO 8601 as the W3C profiles it, or epoch seconds; four digits are seconds too. */
const epochMs = (text: string): number | undefined => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
};

const numbers = (test: (actual: number, wanted: number) => boolean) => typed('a number', numberOf, test);
const dates = (test: (actual: number, wanted: number) => boolean) => typed('a date', epochMs, test);

const equals = (a: number, b: number): boolean => a === b;

const booleanOf = (text: string): string | undefined => /^(true|false)$/i.exec(text)?.[0].toLowerCase();

/** AWS's pages disagree on whether it takes variables; with one it is what the variable makes of it. */
const bool: Operator = (text, hasVariables) => {
  if (booleanOf(text) === undefined && (!hasVariables || variablesIn(text).length === 0))
    throw malformed(text, 'true or false');
  return exactlyInAnyCase(text, hasVariables);
};

const bytesOf = (text: string): string | undefined =>
  /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : undefined;

const ipAddress: Operator = (text) => {
  const network = networkOf(text);
  if (!network) throw malformed(text, 'an IP address or a range of them (CIDR)');
  return { text, matches: (value) => isIP(value) > 0 && isInNetwork(value, network) };
};

const POSITIVE: Readonly<Record<string, Operator>> = {
  StringEquals: exactly,
  StringEqualsIgnoreCase: exactlyInAnyCase,
  StringLike: likeText,
  // AWS gives both the same meaning.
  ArnEquals: likeArn,
  ArnLike: likeArn,
  NumericEquals: numbers(equals),
  NumericLessThan: numbers((a, b) => a < b),
  NumericLessThanEquals: numbers((a, b) => a <= b),
  NumericGreaterThan: numbers((a, b) => a > b),
  NumericGreaterThanEquals: numbers((a, b) => a >= b),
  DateEquals: dates(equals),
  DateLessThan: dates((a, b) => a < b),
  DateLessThanEquals: dates((a, b) => a <= b),
  DateGreaterThan: dates((a, b) => a > b),
  DateGreaterThanEquals: dates((a, b) => a >= b),
  Bool: bool,
  BinaryEquals: typed('base64', bytesOf, (a, b) => a === b),
  IpAddress: ipAddress,
};

/** Each is its counterpart turned round. */
const NEGATIVE: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

/** Undefined when IAM knows no such operator. */
export const operatorOf = (name: string): { readonly read: Operator; readonly isNegated: boolean } | undefined => {
  const read = POSITIVE[NEGATIVE[name] ?? name];
  return read && { read, isNegated: name in NEGATIVE };
};
