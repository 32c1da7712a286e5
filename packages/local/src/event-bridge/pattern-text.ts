import { invalidPattern } from './pattern-error.ts';

/** Says whether a text is the wanted one. */
export type TextTest = (value: string) => boolean;

export const equalsIgnoreCase = (wanted: string): TextTest => {
  const lower = wanted.toLowerCase();
  return (value) => value.toLowerCase() === lower;
};

export const startsWith =
  (wanted: string): TextTest =>
  (value) =>
    value.startsWith(wanted);

export const endsWith =
  (wanted: string): TextTest =>
  (value) =>
    value.endsWith(wanted);

/**
 * `*` stands for any number of characters; `\*` and `\\` for themselves. Looks for the parts between the stars one after the other: the time
 * is bounded for every pattern and value, as it is not for a regular expression.
 *
 * @throws AwsError for two stars in a row and other escapes
 */
export const wildcard = (pattern: string, path: string): TextTest => {
  const [head = '', ...rest] = literalsOf(pattern, path);
  const tail = rest.pop();
  if (tail === undefined) return (value) => value === head;
  return (value) => {
    if (!value.startsWith(head)) return false;
    const between = endOfAll(rest, value, head.length);
    return between !== undefined && value.length - tail.length >= between && value.endsWith(tail);
  };
};

/** Where the last of the parts ends, each found at the first place it can be; undefined when one is missing. */
const endOfAll = (parts: readonly string[], value: string, from: number): number | undefined => {
  let end = from;
  for (const part of parts) {
    const start = value.indexOf(part, end);
    if (start < 0) return undefined;
    end = start + part.length;
  }
  return end;
};

/** The texts before, between and after the stars. */
const literalsOf = (pattern: string, path: string): string[] => {
  const literals = [''];
  // EventBridge counts bytes, and the quote before the text.
  const positionOf = (at: number) => Buffer.byteLength(pattern.slice(0, at)) + 1;
  const add = (text: string) => literals.push((literals.pop() ?? '') + text);
  for (let at = 0; at < pattern.length; at++) {
    const [char, next] = [pattern.charAt(at), pattern[at + 1]];
    if (char === '*' && next === '*')
      throw invalidPattern(`Consecutive wildcard characters at pos ${positionOf(at)}`, path);
    if (char === '*') literals.push('');
    else if (char !== '\\') add(char);
    else if (next === '*' || next === '\\') add(pattern.charAt(++at));
    else throw invalidPattern(`Invalid escape character at pos ${positionOf(at)}`, path);
  }
  return literals;
};
