import type { Token } from './lexer.ts';
import { isText } from './token-reader.ts';
import { tokensAt } from './token-text.ts';
import { attributeText, isName } from './words.ts';

/**
 * `a.b` may be the attribute `b` of the SUPER column `a`. So this is tried when PostgreSQL has found no table of the name
 * that it took `a` for: the last name that is not in brackets yet goes there.
 *
 * @param at index of the first name
 */
export const navigate = (tokens: readonly Token[], at: number): readonly Token[] | undefined => {
  if (!isName(tokens[at])) return undefined;
  let last = at;
  while (isText(tokens[last + 1], '.') && isName(tokens[last + 2])) last += 2;
  const name = tokens[last];
  if (last === at || !name || isText(tokens[last + 1], '(')) return undefined;
  return [...tokens.slice(0, last - 1), ...tokensAt(name.start, attributeText(name)), ...tokens.slice(last + 1)];
};
