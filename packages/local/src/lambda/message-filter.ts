import { AwsError } from '../common/aws-error.ts';
import { compilePattern, type Matcher } from '../event-bridge/event-pattern.ts';

/** Lambda's own limit. */
const LONGEST_PATTERN = 4096;
/** What rules of EventBridge have and filters have not. */
const WITHOUT = ['cidr', 'wildcard'];

type BodyTest = (body: string) => boolean;

/**
 * Whether one of the patterns fits the body of a message. A pattern for a text and a body that is JSON, or the other way around, never fit.
 *
 * @throws AwsError `InvalidParameterValueException` for what is no pattern, or one of other things than the body
 */
export const messageFilter = (patterns: readonly unknown[]): BodyTest => {
  const tests = patterns.map(compile);
  return (body) => tests.length === 0 || tests.some((test) => test(body));
};

const compile = (pattern: unknown): BodyTest => {
  const [[key, wanted] = ['', undefined], ...others] = Object.entries(
    (pattern ?? {}) as Readonly<Record<string, unknown>>,
  );
  if (key !== 'body' || others.length > 0)
    throw invalid('The filter of a queue is a pattern for body, and nothing else.');
  const matches = compiled({ body: wanted });
  return (text) => {
    const json = jsonIn(text);
    if (Array.isArray(wanted)) return json === undefined && matches({ body: text });
    return json !== undefined && matches({ body: json });
  };
};

const compiled = (pattern: unknown): Matcher => {
  try {
    return compilePattern(pattern, { longest: LONGEST_PATTERN, without: WITHOUT });
  } catch (error) {
    throw invalid(`Invalid filter pattern definition. ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** An object or a list; other JSON is a text like any other. */
const jsonIn = (text: string): object | undefined => {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);
