/**
 * Does the text match the pattern, in which `*` stands for any text, `\\*` and `\\\\` for themselves?
 *
 * No regular expression: with many wildcards it could take for ever.
 */
export const matchesWildcard = (text: string, pattern: string): boolean => {
  const [first = '', ...rest] = partsOf(pattern);
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
};

/** What stands between the wildcards. */
const partsOf = (pattern: string): string[] => {
  const parts = [''];
  for (const [token] of pattern.matchAll(/\\[*\\]|[^]/g)) {
    if (token === '*') parts.push('');
    else parts.push((parts.pop() ?? '') + (token.length > 1 ? token.slice(1) : token));
  }
  return parts;
};
