import { AwsError } from '../common/aws-error.ts';
import { type JsonPath, parseJsonPath, valueAt } from './json-path.ts';
import type { Delivered } from './target-input.ts';

const MOST_VARIABLES = 100;
const LONGEST_TEMPLATE = 8192;
/** Names that EventBridge gives values to. */
const RESERVED = /^aws\./i;
const PLACEHOLDER = /<([\w.-]+)>/;
/** A text of JSON, or a placeholder outside of one. */
const TOKEN = /"(?:[^"\\]|\\.)*"|<([\w.-]+)>/gs;

/** A text with placeholders, `<name>`, and where in the event their values are. */
export interface InputTemplate {
  readonly paths: ReadonlyMap<string, JsonPath>;
  readonly template: string;
}

/**
 * @throws AwsError `ValidationException` for what EventBridge does not take: too many or reserved names, what is no path, a template that does
 * not become JSON
 */
export const parseInputTemplate = (
  targetId: string,
  pathsMap: Readonly<Record<string, string>>,
  template: string,
): InputTemplate => {
  const names = Object.keys(pathsMap);
  const wrong = (reason: string) =>
    new AwsError('ValidationException', `Invalid InputTransformer for target ${targetId} : ${reason}.`);
  if (names.length > MOST_VARIABLES)
    throw wrong(`InputPathsMap may have ${MOST_VARIABLES} keys, it has ${names.length}`);
  if (template.length > LONGEST_TEMPLATE) throw wrong(`InputTemplate may have ${LONGEST_TEMPLATE} characters`);
  const paths = Object.entries(pathsMap).map(([name, text]) => {
    const path = parseJsonPath(text);
    if (RESERVED.test(name)) throw wrong(`the name ${name} is reserved`);
    if (!path) throw wrong(`${text} is not a valid JSON path`);
    return [name, path] as const;
  });
  if (!becomesJson(template))
    throw new AwsError(
      'ValidationException',
      `Invalid InputTemplate for target ${targetId} : it does not become JSON.`,
    );
  return { paths: new Map(paths), template };
};

/** One JSON value, or quoted texts line by line. */
const becomesJson = (template: string): boolean => {
  const filled = template.replace(TOKEN, (token: string) => (token.startsWith('"') ? token : 'null'));
  return (
    isJson(filled) ||
    (filled.trim() !== '' &&
      filled
        .trim()
        .split('\n')
        .every((line) => isJson(line)))
  );
};

/**
 * Outside of quotes a value appears as JSON, a text with quotes of its own. Inside of them a text appears as it is, and an object without its
 * quotes: EventBridge escapes nothing there. What the event does not have appears as nothing, or as an empty text.
 */
export const fillTemplate = ({ paths, template }: InputTemplate, delivered: Delivered): string => {
  const valueOf = (name: string) => {
    const path = paths.get(name);
    return path ? valueAt(path, delivered.event) : predefined(name, delivered);
  };
  const filled = template.replace(TOKEN, (token: string, bare: string | undefined) =>
    bare === undefined
      ? token.replaceAll(new RegExp(PLACEHOLDER, 'g'), (_, name: string) => insideQuotes(valueOf(name)))
      : JSON.stringify(valueOf(bare) ?? ''),
  );
  return isJson(filled) ? JSON.stringify(JSON.parse(filled)) : filled;
};

const predefined = (name: string, { event, rule, ingestionTime }: Delivered): unknown => {
  const { detail: _, ...withoutDetail } = event;
  const values: Readonly<Record<string, unknown>> = {
    'aws.events.event': withoutDetail,
    'aws.events.event.json': event,
    'aws.events.event.ingestion-time': ingestionTime,
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
  };
  return values[name];
};

const insideQuotes = (value: unknown): string => {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
