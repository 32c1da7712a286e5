import { AwsError } from '../common/aws-error.ts';
import { type JsonPath, parseJsonPath, valueAt } from './json-path.ts';
import type { Delivered } from './target-input.ts';

const MOST_VARIABLES = 100;
const LONGEST_TEMPLATE = 8192;
/** Names that EventBridge gives values to. */
const RESERVED = /^aws\./i;
const PLACEHOLDER = /<([\w.-]+)>/g;
/** A text of JSON, or a placeholder outside of one. */
const TOKEN = /"(?:[^"\\]|\\.)*"|<([\w.-]+)>/gs;

/** A text with placeholders, `<name>`, and where in the event their values are. */
export interface InputTemplate {
  readonly paths: ReadonlyMap<string, JsonPath>;
  readonly template: string;
}

/**
 * @throws AwsError `ValidationException` for what EventBridge does not take or could not deliver: too many, unknown or reserved names, what is
 * no path, a template that does not become JSON
 */
export const parseInputTemplate = (
  targetId: string,
  pathsMap: Readonly<Record<string, string>>,
  template: string,
): InputTemplate => {
  const names = Object.keys(pathsMap);
  const wrong = (reason: string) => invalid(`Invalid InputTransformer for target ${targetId} : ${reason}.`);
  if (names.length > MOST_VARIABLES)
    throw wrong(`InputPathsMap may have ${MOST_VARIABLES} keys, it has ${names.length}`);
  if (template.length > LONGEST_TEMPLATE) throw wrong(`InputTemplate may have ${LONGEST_TEMPLATE} characters`);
  const paths = Object.entries(pathsMap).map(([name, text]) => {
    const path = parseJsonPath(text);
    if (RESERVED.test(name)) throw wrong(`the name ${name} is reserved`);
    if (!path) throw wrong(`${text} is not a valid JSON path`);
    return [name, path] as const;
  });
  checkTemplate(targetId, template, names);
  return { paths: new Map(paths), template };
};

const checkTemplate = (targetId: string, template: string, names: readonly string[]): void => {
  const placeholders = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const unknown = placeholders.find((name) => !names.includes(name) && !PREDEFINED.has(name));
  if (unknown !== undefined)
    throw invalid(`InputTemplate for target ${targetId} contains invalid placeholder ${unknown}.`);
  if (!becomesJson(template)) throw invalid(`Invalid InputTemplate for target ${targetId} : it does not become JSON.`);
};

/** One JSON value, or quoted texts line by line. */
const becomesJson = (template: string): boolean => {
  const filled = template.replace(TOKEN, (token: string) => (token.startsWith('"') ? token : 'null'));
  return isJson(filled) || filled.trim().split('\n').every(isJson);
};

/**
 * Outside of quotes a value appears as JSON, a text with quotes of its own. Inside of them it appears as it is, as EventBridge escapes nothing
 * there; in a template of texts without the quotes of what it holds. What the event does not have is an empty text.
 *
 * @throws AwsError when no JSON has come of it: EventBridge does not deliver that
 */
export const fillTemplate = ({ paths, template }: InputTemplate, delivered: Delivered): string => {
  const valueOf = (name: string) => {
    const path = paths.get(name);
    return path ? valueAt(path, delivered.event) : PREDEFINED.get(name)?.(delivered);
  };
  const isOfTexts = template.trimStart().startsWith('"');
  const filled = template.replace(TOKEN, (token: string, bare: string | undefined) =>
    bare === undefined
      ? token.replaceAll(PLACEHOLDER, (_, name: string) => insideQuotes(valueOf(name), isOfTexts))
      : JSON.stringify(valueOf(bare) ?? ''),
  );
  if (isOfTexts) return filled;
  if (isJson(filled)) return JSON.stringify(JSON.parse(filled));
  throw new AwsError('InvalidParameterValue', 'The InputTemplate, filled with values of the event, is no JSON.');
};

const PREDEFINED: ReadonlyMap<string, (delivered: Delivered) => unknown> = new Map<
  string,
  (delivered: Delivered) => unknown
>([
  // Without its detail, EventBridge gives the event its type under another name.
  ['aws.events.event', ({ event: { detail: _, 'detail-type': detailType, ...others } }) => ({ ...others, detailType })],
  ['aws.events.event.json', ({ event }) => event],
  ['aws.events.event.ingestion-time', ({ ingestionTime }) => ingestionTime],
  ['aws.events.rule-arn', ({ rule }) => rule.arn],
  ['aws.events.rule-name', ({ rule }) => rule.name],
]);

const insideQuotes = (value: unknown, isOfTexts: boolean): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  const json = JSON.stringify(value);
  return isOfTexts ? json.replaceAll('"', '') : json;
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
