import type { Token } from './lexer.ts';
import { notOnTheStage } from './refused.ts';
import { aliasOf, type SelectBlock, selectBlocks, selectItems } from './select-block.ts';
import { isText, nameOf } from './token-reader.ts';
import { tokensAt } from './token-text.ts';
import { isName } from './words.ts';

/**
 * An item of a SELECT may use the name of an earlier one, unless a table has a column of that name. So this is tried when
 * PostgreSQL has found no such column: the earlier item's expression takes the place of its name.
 *
 * @param at index of the name that was not found
 */
export const replaceAlias = (tokens: readonly Token[], at: number): readonly Token[] | undefined => {
  const token = tokens[at];
  if (!isName(token) || isText(tokens[at - 1], '.') || isText(tokens[at + 1], '(') || isText(tokens[at + 1], '.'))
    return undefined;
  const block = selectBlocks(tokens).findLast((candidate) => isInItems(candidate, tokens, at));
  if (!block) return undefined;
  const items = selectItems(tokens, block);
  const own = items.findIndex((item) => item.includes(token));
  const earlier = items
    .slice(0, Math.max(own, 0))
    .map(aliasOf)
    .find((item) => item && nameOf(item.alias) === nameOf(token));
  if (!earlier) return undefined;
  if (earlier.expression.some((part) => isText(part, 'RANDOM'))) throw notOnTheStage('a lateral alias of RANDOM()');
  const isWhole = items[own]?.length === 1;
  const replacement = [
    ...tokensAt(token.start, '('),
    ...earlier.expression.map((part) => ({ ...part })),
    ...tokensAt(token.start, isWhole ? ') as' : ')'),
    ...(isWhole ? [{ ...token }] : []),
  ];
  return [...tokens.slice(0, at), ...replacement, ...tokens.slice(at + 1)];
};

const isInItems = ({ start, end, clauses }: SelectBlock, tokens: readonly Token[], at: number): boolean => {
  const items = Math.min(end, ...clauses.values());
  return start < at && at < items && tokens.length >= items;
};
