import type { Token } from './lexer.ts';
import { notOnTheStage } from './refused.ts';
import { selectBlocks } from './select-block.ts';
import { isText } from './token-reader.ts';
import { tokensAt } from './token-text.ts';

/** `SELECT TOP n` becomes a LIMIT at the end of its query. */
export const rewriteTop = (tokens: readonly Token[]): Token[] => {
  const result = [...tokens];
  // From the last to the first: what is inserted moves nothing that is still to be looked at.
  for (const { start, end, isJoined, clauses } of selectBlocks(tokens).reverse()) {
    const count = tokens[start + 2];
    if (!isText(tokens[start + 1], 'TOP') || !count || isText(count, ',') || isText(count, 'FROM')) continue;
    if (count.kind !== 'number') throw notOnTheStage('TOP with other than a number');
    if (isJoined) throw notOnTheStage('TOP in a set operation');
    if (clauses.has('LIMIT')) throw notOnTheStage('TOP with LIMIT');
    result.splice(insertAt(result, tokens, end), 0, ...tokensAt(count.start, `limit ${count.text}`));
    result.splice(result.indexOf(tokens[start + 1] as Token), 2);
  }
  return result;
};

const insertAt = (result: readonly Token[], tokens: readonly Token[], end: number): number => {
  const last = tokens[end - 1] as Token;
  return result.lastIndexOf(last) + 1;
};
