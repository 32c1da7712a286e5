/**
 * JSON has no patterns: `{ "pattern": "^merge", "flags": "i" }` stands for one.
 *
 * @returns the pattern, undefined when `value` does not stand for one, null when it does but is none
 */
export const patternIn = (value: unknown): RegExp | undefined | null => {
  const { pattern, flags = '' } = (value ?? {}) as { readonly pattern?: unknown; readonly flags?: unknown };
  if (pattern === undefined) return undefined;
  try {
    return typeof pattern === 'string' && typeof flags === 'string' ? new RegExp(pattern, flags) : null;
  } catch {
    return null;
  }
};
